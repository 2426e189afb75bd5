import { Button, Group, Menu, Paper, Text } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Selection } from '../list/use-selection.ts';
import type { EachAction } from './each-action.ts';
import { EachDialog } from './each-dialog.tsx';
import { GroupsDialog } from './groups-dialog.tsx';
import { type SelectAll, SelectAllButton } from './select-all-button.tsx';

export interface BulkBarProps {
  /** Id or slug. */
  readonly product: string;
  readonly selection: Selection;
  readonly all: SelectAll;
}

/** What can be done with the devices that are selected. */
export function BulkBar({ product, selection, all }: BulkBarProps) {
  const [dialog, setDialog] = useState<'groups' | EachAction>();
  const ids = [...selection.ids];
  const close = () => setDialog(undefined);
  return (
    <Paper withBorder p="xs" role="region" aria-label="Selected devices">
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Text fw={600} size="sm" role="status">
            {ids.length.toLocaleString('en')} selected
          </Text>
          <SelectAllButton all={all} selection={selection} />
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconX size={14} aria-hidden />}
            onClick={selection.clear}
          >
            Clear
          </Button>
        </Group>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => setDialog('groups')}>
            Change groups
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
                More
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDialog('lock')}>Lock to a version…</Menu.Item>
              <Menu.Item onClick={() => setDialog('unlock')}>Unlock…</Menu.Item>
              <Menu.Divider />
              <Menu.Item onClick={() => setDialog('mark')}>Mark as development…</Menu.Item>
              <Menu.Item onClick={() => setDialog('unmark')}>End development…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      <GroupsDialog product={product} ids={ids} opened={dialog === 'groups'} onClose={close} />
      <EachDialog product={product} ids={ids} action={dialog === 'groups' ? undefined : dialog} onClose={close} />
    </Paper>
  );
}
