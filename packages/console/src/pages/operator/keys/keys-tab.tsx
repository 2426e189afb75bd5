import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconRotateClockwise } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../data/api.ts';
import { reading } from '../../../data/query.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { IdText } from '../../../ui/id-text.tsx';
import { Time } from '../../../ui/time.tsx';
import { KeyFiles } from './key-files.tsx';
import { RetireKey } from './retire-key.tsx';
import type { ServerKey } from './server-key.ts';

type Algorithm = ServerKey['algorithm'];

/** What devices call each kind of key. */
const KEY_WORDS: Readonly<Record<Algorithm, string>> = {
  ecc: 'ECC, for devices over UDP',
  rsa: 'RSA, for devices over TCP',
};

/** The cloud's own keys: what devices hold, the change of one, files for devices. */
export function KeysTab() {
  const keys = useQuery(reading('listServerKeys'));
  const [rotated, setRotated] = useState<Algorithm>();
  const [retired, setRetired] = useState<ServerKey>();
  const rotate = useChange({
    run: (algorithm: Algorithm) => api.call('rotateServerKey', { body: { algorithm } }),
    changes: ['listServerKeys', 'getServerKey'],
    done: () => 'The next key is made. Devices are given it from now on',
    onDone: () => setRotated(undefined),
  });
  const inUse = (algorithm: Algorithm) =>
    keys.data?.keys.filter((one) => one.algorithm === algorithm && one.retired_at === null).length ?? 0;
  return (
    <Stack>
      <Text size="sm">
        A device knows this cloud by its public key. To change a key, make the next one, write it to your devices in
        your own time, and retire the one before it when no device holds it any more.
      </Text>
      <DataTable
        label="Server keys"
        query={keys}
        rowsOf={(data) => data.keys}
        keyOf={({ id }) => id}
        columns={keyColumns(setRetired, inUse)}
        empty={<EmptyState title="This cloud has no key">Both transports are off.</EmptyState>}
      />
      <Group gap="xs">
        {(['ecc', 'rsa'] as const)
          .filter((algorithm) => inUse(algorithm) > 0)
          .map((algorithm) => (
            <Button
              key={algorithm}
              variant="default"
              leftSection={<IconRotateClockwise size={18} aria-hidden />}
              disabled={inUse(algorithm) > 1}
              onClick={() => setRotated(algorithm)}
            >
              Make the next {algorithm.toUpperCase()} key
            </Button>
          ))}
      </Group>
      <KeyFiles algorithms={(['ecc', 'rsa'] as const).filter((algorithm) => inUse(algorithm) > 0)} />
      <Confirm
        opened={rotated !== undefined}
        onClose={() => setRotated(undefined)}
        onConfirm={() => rotated !== undefined && rotate.mutate(rotated)}
        title={`Make the next ${rotated?.toUpperCase() ?? ''} key?`}
        action="Make the key"
        danger={false}
        loading={rotate.isPending}
      >
        <Text size="sm">
          Devices that hold the key of now go on connecting, and open sessions go on. Files for devices have the new key
          from then on. A device that was given it is refused once, and is in at its next try, seconds later.
        </Text>
      </Confirm>
      <RetireKey serverKey={retired} onClose={() => setRetired(undefined)} />
    </Stack>
  );
}

function keyColumns(
  onRetire: (key: ServerKey) => void,
  inUse: (algorithm: Algorithm) => number,
): readonly Column<ServerKey>[] {
  return [
    { title: 'Kind', cell: ({ algorithm }) => KEY_WORDS[algorithm] },
    { title: 'Fingerprint', cell: ({ fingerprint }) => <IdText id={fingerprint} what="fingerprint" /> },
    { title: 'Made', cell: ({ created_at: at }) => <Time at={at} /> },
    { title: 'Devices', align: 'right', cell: ({ devices }) => devices.toLocaleString('en') },
    {
      title: 'State',
      cell: (key) => {
        if (key.retired_at !== null) {
          return (
            <Text size="sm" c="dimmed" component="div">
              Retired <Time at={key.retired_at} />
            </Text>
          );
        }
        return (
          <Group gap="xs" wrap="nowrap">
            <Badge variant="light" color="teal" tt="none" style={{ flexShrink: 0 }}>
              In use
            </Badge>
            {inUse(key.algorithm) > 1 && (
              <Button variant="default" size="compact-sm" onClick={() => onRetire(key)}>
                Retire
              </Button>
            )}
          </Group>
        );
      },
    },
  ];
}
