import { Badge, Group, Text } from '@mantine/core';
import { typeName } from '../../../components/device-type/type-name.ts';
import { usePlatforms } from '../../../components/device-type/use-platforms.ts';
import { IdText } from '../../../ui/id-text.tsx';
import { OnlineBadge } from '../../../ui/online-badge.tsx';
import { useDevice } from './device-context.ts';

/** The line below the name: online or not, the id, the type, what is special about it. */
export function DeviceSummary() {
  const { device, member } = useDevice();
  const platforms = usePlatforms();
  return (
    <Group gap="sm" mt={4}>
      <OnlineBadge online={device.online} />
      <IdText id={device.id} what="device ID" />
      <Text size="sm">{typeName(platforms, device.platform_id)}</Text>
      {member?.development === true && (
        <Badge variant="light" color="blue">
          Development
        </Badge>
      )}
      {member?.quarantined === true && (
        <Badge variant="light" color="orange">
          Quarantine
        </Badge>
      )}
    </Group>
  );
}
