import { Alert, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconShieldQuestion } from '@tabler/icons-react';
import { LinkButton } from '../../../ui/link.tsx';
import { counted, type Fleet, type OfProduct } from './fleet.ts';

export interface AttentionProps extends OfProduct {
  readonly fleet: Fleet;
}

/** What somebody has to decide or look at: devices in quarantine and in safe mode. */
export function Attention({ product, fleet }: AttentionProps) {
  const { quarantined, safe_mode: safeMode } = fleet.devices;
  return (
    <>
      {quarantined > 0 && (
        <Alert color="yellow" variant="outline" icon={<IconShieldQuestion aria-hidden />}>
          <Group justify="space-between" gap="sm">
            <Text size="sm" style={{ flex: '1 1 240px' }}>
              {counted(quarantined, 'device')} in quarantine: the firmware announces this product, but{' '}
              {quarantined === 1 ? 'it is' : 'they are'} not in it. Approve or deny.
            </Text>
            <LinkButton
              to="/products/$product/devices"
              params={{ product }}
              search={{ tab: 'quarantine' }}
              variant="default"
              size="compact-sm"
            >
              Look at the quarantine
            </LinkButton>
          </Group>
        </Alert>
      )}
      {safeMode > 0 && (
        <Alert color="red" variant="outline" icon={<IconAlertTriangle aria-hidden />}>
          <Stack gap={2}>
            <Text size="sm">
              {counted(safeMode, 'device')} last came online in safe mode: the application does not run, since something
              that it needs is missing or too old. Flash firmware whose modules fit, or let the released firmware reach{' '}
              {safeMode === 1 ? 'it' : 'them'}.
            </Text>
          </Stack>
        </Alert>
      )}
    </>
  );
}
