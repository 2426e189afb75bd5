import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { DEVICE_READS } from '../../../components/edit-device/device-reads.ts';
import { GroupsInput } from '../../../components/groups-input/groups-input.tsx';
import { api } from '../../../data/api.ts';
import { useChange } from '../../../data/use-change.ts';
import { messageOf } from '../../../ui/toasts.tsx';

export interface GroupsDialogProps {
  /** Id or slug. */
  readonly product: string;
  readonly ids: readonly string[];
  readonly opened: boolean;
  onClose(): void;
}

/** Devices of one request. */
const MOST = 10_000;

/** Puts devices into groups and takes them out of others (PRD-15). */
export function GroupsDialog({ product, ids, opened, onClose }: GroupsDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Change groups" closeButtonProps={{ 'aria-label': 'Close' }}>
      {opened && <GroupsForm product={product} ids={ids} onClose={onClose} />}
    </Modal>
  );
}

function GroupsForm({ product, ids, onClose }: Omit<GroupsDialogProps, 'opened'>) {
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const both = add.find((name) => remove.includes(name));
  const count = `${ids.length.toLocaleString('en')} ${ids.length === 1 ? 'device' : 'devices'}`;
  const change = useChange({
    run: async () => {
      for (let at = 0; at < ids.length; at += MOST) {
        await api.call('changeDeviceGroups', {
          params: { productIdOrSlug: product },
          body: { action: 'groups', devices: ids.slice(at, at + MOST), metadata: { add, remove } },
        });
      }
    },
    changes: DEVICE_READS,
    done: () => `The groups of ${count} are changed`,
    onDone: onClose,
    showsError: true,
  });
  const nothing = add.length === 0 && remove.length === 0;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!nothing && both === undefined) change.mutate();
      }}
    >
      <Stack>
        <Text size="sm">Changes {count}. What follows for their firmware waits for their next handshakes.</Text>
        <GroupsInput product={product} label="Add to" value={add} onChange={setAdd} />
        <GroupsInput product={product} label="Take out of" value={remove} onChange={setRemove} />
        {both !== undefined && (
          <Alert color="red" variant="outline" role="alert">
            {both} can't be both added and removed.
          </Alert>
        )}
        {change.isError && (
          <Alert color="red" variant="outline" role="alert">
            {messageOf(change.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={nothing || both !== undefined} loading={change.isPending}>
            Change the groups
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
