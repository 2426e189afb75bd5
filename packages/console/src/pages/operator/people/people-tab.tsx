import type { Output } from '@cloudchamber/contract';
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../data/api.ts';
import { reading } from '../../../data/query.ts';
import { useUser } from '../../../data/session.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { downloadCsv } from '../../../ui/download-csv.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Time } from '../../../ui/time.tsx';
import { PagesControl, type Paging } from '../pages-control.tsx';
import { InviteUser } from './invite-user.tsx';

type User = Output<'listUsers'>['users'][number];

/** Every account of this cloud, oldest first. */
export function PeopleTab(paging: Paging) {
  const { id: ownId } = useUser();
  const people = useQuery(reading('listUsers', { query: { page: paging.page } }));
  const [isInviting, setIsInviting] = useState(false);
  const [disabled, setDisabled] = useState<User>();
  const disable = useChange({
    run: ({ username }: User) => api.call('disableUserMfa', { params: { username } }),
    changes: ['listUsers'],
    done: ({ username }) => `${username} logs in without a code now`,
    onDone: () => setDisabled(undefined),
  });
  const columns = peopleColumns(ownId, setDisabled);
  return (
    <Stack>
      <Group justify="space-between">
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setIsInviting(true)}>
          Invite somebody
        </Button>
        {people.data !== undefined && (
          <Button
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            onClick={() => downloadCsv('people', columns, people.data.users)}
          >
            CSV
          </Button>
        )}
      </Group>
      <DataTable
        label="People"
        query={people}
        rowsOf={({ users }) => users}
        keyOf={({ id }) => id}
        columns={columns}
        empty={<EmptyState title="Nobody stands on this page">Go back to the first one.</EmptyState>}
      />
      <PagesControl {...paging} total={people.data?.meta.total_pages ?? 1} />
      <InviteUser opened={isInviting} onClose={() => setIsInviting(false)} />
      <Confirm
        opened={disabled !== undefined}
        onClose={() => setDisabled(undefined)}
        onConfirm={() => disabled !== undefined && disable.mutate(disabled)}
        title="Switch the second factor off?"
        action="Switch it off"
        loading={disable.isPending}
      >
        <Text size="sm">
          {disabled?.username} logs in with the password alone from then on, and gets a mail about it. Do this only when
          you are sure who asks: whoever knows the password is in.
        </Text>
      </Confirm>
    </Stack>
  );
}

function peopleColumns(ownId: string, onDisable: (user: User) => void): readonly Column<User>[] {
  return [
    {
      title: 'E-mail',
      cell: ({ id, username }) => (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {username}
          {id === ownId && ' (you)'}
        </Text>
      ),
      text: ({ username }) => username,
    },
    {
      title: 'Role',
      cell: ({ operator }) => (operator ? <Badge variant="light">Operator</Badge> : 'User'),
      text: ({ operator }) => (operator ? 'Operator' : 'User'),
    },
    { title: 'Account', cell: accountText, text: accountText },
    {
      title: 'Second factor',
      cell: (user) =>
        user.mfa.enabled ? (
          <Group gap="xs" wrap="nowrap">
            <Text size="sm">On</Text>
            {user.id !== ownId && (
              <Button
                variant="default"
                size="compact-sm"
                onClick={() => onDisable(user)}
                aria-label={`Switch the second factor of ${user.username} off`}
              >
                Switch off
              </Button>
            )}
          </Group>
        ) : (
          'Off'
        ),
      text: ({ mfa }) => (mfa.enabled ? 'On' : 'Off'),
    },
    { title: 'Made', cell: ({ created_at: at }) => <Time at={at} />, text: ({ created_at: at }) => at },
  ];
}

function accountText({ no_password: hasNone, email_verified: isVerified }: User): string {
  if (hasNone) return 'Has not chosen a password yet';
  return isVerified ? 'E-mail confirmed' : 'E-mail not confirmed';
}
