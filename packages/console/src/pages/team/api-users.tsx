import type { Scope } from '@cloudchamber/contract';
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { type Column, Rows } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ApiUserDialog } from './api-user-dialog.tsx';
import { type Member, TEAM_READS, type TeamPlace, teamChanges, tokenOf } from './team-operations.ts';
import { TokenOnce } from './token-once.tsx';

export interface ApiUsersProps {
  readonly place: TeamPlace;
  readonly users: readonly Member[];
  readonly can: (scope: Scope) => boolean;
}

/** Programs of the team (PRD-10). */
export function ApiUsers({ place, users, can }: ApiUsersProps) {
  if (users.length === 0) {
    return (
      <EmptyState title="No API users yet">
        <Text c="dimmed" ta="center">
          An API user is a program of the team, with one token that never expires and only the scopes that you give it.
        </Text>
      </EmptyState>
    );
  }
  const columns: Column<Member>[] = [
    {
      title: 'API user',
      cell: (user) => (
        <Stack gap={0}>
          <Text span fw={600}>
            {user.friendly_name}
          </Text>
          <span className="mono">{user.username}</span>
        </Stack>
      ),
    },
    {
      title: 'Scopes',
      cell: ({ scopes = [] }) => (
        <Group gap={4}>
          {scopes.map((scope) => (
            <Badge key={scope} variant="default" tt="none" fw={500}>
              {scope}
            </Badge>
          ))}
        </Group>
      ),
    },
    {
      title: 'Actions',
      align: 'right',
      cell: (user) => (can('teams.users:update') ? <ApiUserActions place={place} user={user} can={can} /> : null),
    },
  ];
  return <Rows label="API users" rows={users} keyOf={(user) => user.username} columns={columns} />;
}

function ApiUserActions({
  place,
  user,
  can,
}: {
  readonly place: TeamPlace;
  readonly user: Member;
  readonly can: (scope: Scope) => boolean;
}) {
  const [asking, setAsking] = useState<'renew' | 'remove' | 'edit'>();
  const [token, setToken] = useState<string>();
  const changes = teamChanges(place);
  const close = () => setAsking(undefined);
  const renew = useChange({
    run: () => changes.renewToken(user.username),
    changes: TEAM_READS,
    onDone: (reply) => {
      close();
      setToken(tokenOf(reply));
    },
  });
  const remove = useChange({
    run: () => changes.remove(user.username),
    changes: TEAM_READS,
    done: () => `${user.friendly_name} was deleted`,
    onDone: close,
  });
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <Button size="compact-sm" variant="default" onClick={() => setAsking('edit')}>
        Edit
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setAsking('renew')}>
        New token
      </Button>
      {can('teams.users:remove') && (
        <Button size="compact-sm" variant="default" onClick={() => setAsking('remove')}>
          Delete
        </Button>
      )}
      <ApiUserDialog place={place} user={user} opened={asking === 'edit'} onClose={close} />
      <Confirm
        opened={asking === 'renew'}
        onClose={close}
        onConfirm={() => renew.mutate()}
        loading={renew.isPending}
        title={`New token for ${user.friendly_name}?`}
        action="Replace the token"
      >
        The old token stops working at once: whatever uses it is refused until it has the new one.
      </Confirm>
      <Confirm
        opened={asking === 'remove'}
        onClose={close}
        onConfirm={() => remove.mutate()}
        loading={remove.isPending}
        title={`Delete ${user.friendly_name}?`}
        action="Delete the API user"
      >
        Its token stops working at once, and its event streams end. This cannot be undone.
      </Confirm>
      <TokenOnce name={user.friendly_name ?? user.username} token={token} onClose={() => setToken(undefined)} />
    </Group>
  );
}
