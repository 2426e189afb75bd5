import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconCheck, IconMailOpened } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../data/api.ts';
import { reading } from '../../data/query.ts';
import { useUser } from '../../data/session.ts';
import { useChange } from '../../data/use-change.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkButton } from '../../ui/link.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import type { Invitation } from './invitation.ts';

const CHANGED = ['listInvitations', 'getUser', 'listOwnProducts', 'listOrganizations'] as const;

/** Teams that the person is asked to join: accept or decline (PRD-08, PRD-29). */
export function InvitationsPage() {
  const { username } = useUser();
  const query = useQuery(reading('listInvitations'));
  const [accepted, setAccepted] = useState<readonly Invitation[]>([]);
  return (
    <Page title="Invitations" about={`Teams that ${username} is asked to join.`}>
      <Stack gap={accepted.length > 0 ? 'md' : 0}>
        <Stack aria-live="polite">
          {accepted.map((one) => (
            <Joined key={`${one.team_kind}-${one.team_id}`} invitation={one} />
          ))}
        </Stack>
        <Loaded query={query}>
          {({ invitations }) =>
            invitations.length === 0 ? (
              accepted.length === 0 && (
                <EmptyState icon={<IconMailOpened size={40} aria-hidden />} title="No open invitations">
                  {`Whoever runs a product or an organization invites you on its Team page, by the address ${username}. The invitation then stands here.`}
                </EmptyState>
              )
            ) : (
              <Stack>
                {invitations.map((one) => (
                  <InvitationCard
                    key={`${one.team_kind}-${one.team_id}`}
                    invitation={one}
                    onAccepted={() => setAccepted((old) => [...old, one])}
                  />
                ))}
              </Stack>
            )
          }
        </Loaded>
      </Stack>
    </Page>
  );
}

interface InvitationCardProps {
  readonly invitation: Invitation;
  onAccepted(): void;
}

function InvitationCard({ invitation, onAccepted }: InvitationCardProps) {
  const { team_kind: teamKind, team_id: teamId, name, role, invited_by: inviter } = invitation;
  const params = { teamKind, teamId };
  const accept = useChange({
    run: () => api.call('acceptInvitation', { params }),
    changes: CHANGED,
    onDone: onAccepted,
  });
  const decline = useChange({
    run: () => api.call('declineInvitation', { params }),
    changes: ['listInvitations'],
    done: () => `You declined the invitation to ${name}`,
  });
  const busy = accept.isPending || decline.isPending;
  return (
    <Card withBorder component="article" aria-label={`Invitation to ${name}`}>
      <Group justify="space-between">
        <Stack gap={2} style={{ minWidth: 0 }}>
          <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Title>
          <Text size="sm">
            {teamKind === 'product' ? 'Product' : 'Organization'}, as <strong>{role.name}</strong>
          </Text>
          <Text size="sm" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
            {inviter === null ? 'Invited by a program' : `Invited by ${inviter}`}, <Time at={invitation.created_at} />
          </Text>
        </Stack>
        <Group gap="xs">
          <Button
            variant="default"
            onClick={() => decline.mutate()}
            loading={decline.isPending}
            disabled={busy}
            aria-label={`Decline the invitation to ${name}`}
          >
            Decline
          </Button>
          <Button
            onClick={() => accept.mutate()}
            loading={accept.isPending}
            disabled={busy}
            aria-label={`Accept the invitation to ${name}`}
          >
            Accept
          </Button>
        </Group>
      </Group>
    </Card>
  );
}

function Joined({ invitation: { team_kind: kind, team_id: id, name, slug } }: { readonly invitation: Invitation }) {
  return (
    <Alert color="teal" variant="light" icon={<IconCheck aria-hidden />}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">You are in the team of {name} now.</Text>
        {kind === 'product' ? (
          <LinkButton to="/products/$product" params={{ product: id }} size="compact-sm" variant="default">
            Open the product
          </LinkButton>
        ) : (
          <LinkButton
            to="/orgs/$organization/products"
            params={{ organization: slug }}
            size="compact-sm"
            variant="default"
          >
            Open the organization
          </LinkButton>
        )}
      </Group>
    </Alert>
  );
}
