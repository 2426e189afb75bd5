import { Group, Text, Tooltip } from '@mantine/core';
import { IconArrowRight, IconLock } from '@tabler/icons-react';
import type { FleetDevice } from './fleet-device.ts';
import { targetOf } from './target-of.ts';

/** The version that a device runs, the one that it should run when that is another, and a lock when it is locked. */
export function FirmwareCell({ device }: { readonly device: FleetDevice }) {
  const { version, locked, waits } = targetOf(device);
  return (
    <Group gap={4} wrap="nowrap">
      <Text span inherit c={device.firmware_version === null ? 'dimmed' : undefined}>
        {device.firmware_version ?? 'none'}
      </Text>
      {waits && version !== null && (
        <Tooltip label={`It should run version ${version}`}>
          <Group gap={2} wrap="nowrap">
            <IconArrowRight size={14} role="img" aria-label="should run" />
            <Text span inherit fw={600}>
              {version}
            </Text>
          </Group>
        </Tooltip>
      )}
      {locked && (
        <Tooltip label={`Locked to version ${device.desired_firmware_version}`}>
          <IconLock size={16} role="img" aria-label={`locked to version ${device.desired_firmware_version}`} />
        </Tooltip>
      )}
    </Group>
  );
}
