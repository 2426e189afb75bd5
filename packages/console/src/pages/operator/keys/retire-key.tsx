import { Stack, Text } from '@mantine/core';
import { api } from '../../../data/api.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import type { ServerKey } from './server-key.ts';

const TYPED_DIGITS = 8;

export interface RetireKeyProps {
  readonly serverKey: ServerKey | undefined;
  onClose(): void;
}

/** Ends the use of a server key; where devices hold it still, that is said and forced. */
export function RetireKey({ serverKey, onClose }: RetireKeyProps) {
  const retire = useChange({
    run: ({ id, devices }: ServerKey) =>
      api.call('retireServerKey', { params: { keyId: id }, query: devices > 0 ? { force: true } : {} }),
    changes: ['listServerKeys', 'getServerKey'],
    done: () => 'The key is retired',
    onDone: onClose,
  });
  const devices = serverKey?.devices ?? 0;
  return (
    <Confirm
      opened={serverKey !== undefined}
      onClose={onClose}
      onConfirm={() => serverKey !== undefined && retire.mutate(serverKey)}
      title="Retire this key?"
      action="Retire the key"
      loading={retire.isPending}
      typed={serverKey?.fingerprint.slice(0, TYPED_DIGITS) ?? ''}
    >
      <Stack gap="xs">
        <Text size="sm">
          {devices === 0
            ? 'No device was last seen to hold it. One that does all the same cannot connect any more'
            : `${devices} ${devices === 1 ? 'device was' : 'devices were'} last seen to hold it and cannot connect any more`}
          , until somebody writes the other key to it over USB. This cannot be undone.
        </Text>
        <Text size="sm" className="mono">
          {serverKey?.fingerprint}
        </Text>
      </Stack>
    </Confirm>
  );
}
