import { Stack, Text } from '@mantine/core';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import type { Device } from './list/device-rows.ts';

export interface UnclaimDeviceProps {
  readonly device: Pick<Device, 'id' | 'name' | 'cellular' | 'iccid'>;
  readonly opened: boolean;
  onClose(): void;
  onDone?(): void;
}

/** Asks before a device is given up, and says that a SIM goes on costing (UI-03). */
export function UnclaimDevice({ device, opened, onClose, onDone }: UnclaimDeviceProps) {
  const unclaim = useChange({
    run: () => api.call('unclaimDevice', { params: { deviceId: device.id } }),
    changes: ['listDevices'],
    done: () => `${device.name} is not claimed to you any more`,
    onDone: () => {
      onClose();
      onDone?.();
    },
  });
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      onConfirm={() => unclaim.mutate()}
      title={`Unclaim ${device.name}?`}
      action="Unclaim the device"
      loading={unclaim.isPending}
    >
      <Stack gap="xs">
        <Text size="sm">
          The device leaves your account: you do not see its events any more, and cannot call it. It keeps its key,
          stays connected, and stays in its product if it is in one. Then anybody who knows its ID may claim it.
        </Text>
        <SimWarning device={device} />
      </Stack>
    </Confirm>
  );
}

function SimWarning({ device: { cellular, iccid } }: Pick<UnclaimDeviceProps, 'device'>) {
  if (!cellular) {
    return (
      <Text size="sm" c="dimmed">
        This device is not cellular, so no SIM is concerned. Unclaiming a cellular device would not stop the billing of
        its SIM.
      </Text>
    );
  }
  return (
    <Text size="sm" fw={600}>
      Unclaiming a cellular device removes it from your account, but does not stop billing. The SIM is separate from the
      claim: pause it, or release its ownership, at its carrier as well to stop billing.
      {typeof iccid === 'string' && ` Its ICCID is ${iccid}.`}
    </Text>
  );
}
