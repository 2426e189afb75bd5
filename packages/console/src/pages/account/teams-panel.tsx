import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ACCOUNT_READS, type Account, type AccountProps } from './account.ts';

type Membership = Account['memberships'][number];

/** Teams of others that the person is in, and the way out of them. */
export function TeamsPanel({ account }: AccountProps) {
  const [leaving, setLeaving] = useState<Membership>();
  const leave = useChange({
    run: ({ team_kind: teamKind, team_id: teamId }: Membership) =>
      api.call('leaveTeam', { params: { teamKind, teamId } }),
    changes: [...ACCOUNT_READS, 'listOwnProducts', 'listOrganizations'],
    done: ({ name }) => `You left the team of ${name}`,
    onDone: () => setLeaving(undefined),
  });
  return (
    <Panel
      title="Teams"
      about="Products and organizations of others that you work on."
      action={
        <Link to="/invitations" size="sm">
          Invitations
        </Link>
      }
    >
      {account.memberships.length === 0 ? (
        <Text size="sm">You are in no team. What you own yourself does not stand here.</Text>
      ) : (
        <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
          {account.memberships.map((one) => (
            <Group component="li" key={`${one.team_kind}-${one.team_id}`} justify="space-between" gap="xs">
              <Stack gap={0} style={{ minWidth: 0 }}>
                <TeamLink membership={one} />
                <Text size="sm" c="dimmed">
                  {one.team_kind === 'product' ? 'Product' : 'Organization'}, {one.role.name}
                </Text>
              </Stack>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => setLeaving(one)}
                aria-label={`Leave the team of ${one.name}`}
              >
                Leave
              </Button>
            </Group>
          ))}
        </Stack>
      )}
      <Confirm
        opened={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        onConfirm={() => leaving !== undefined && leave.mutate(leaving)}
        title={`Leave the team of ${leaving?.name ?? ''}?`}
        action="Leave the team"
        loading={leave.isPending}
      >
        You lose what you see and do there. To come back you need another invitation.
      </Confirm>
    </Panel>
  );
}

function TeamLink({ membership: { team_kind: kind, team_id: id, name, slug } }: { readonly membership: Membership }) {
  const style = { overflowWrap: 'anywhere' } as const;
  if (kind === 'product') {
    return (
      <Link to="/products/$product" params={{ product: id }} style={style}>
        {name}
      </Link>
    );
  }
  return (
    <Link to="/orgs/$organization/products" params={{ organization: slug }} style={style}>
      {name}
    </Link>
  );
}
