import { Button, Stack, Text, Title } from '@mantine/core';
import { IconRobot, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { usePlace } from '../../data/use-place.ts';
import { Link } from '../../ui/link.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { ApiUserDialog } from './api-user-dialog.tsx';
import { ApiUsers } from './api-users.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { Members } from './members.tsx';
import { type TeamPlace, teamQuery } from './team-operations.ts';

/** The team of a product or an organization: members, invitations, API users (PRD-07 to PRD-10, ORG-03 to ORG-05). */
export function TeamPage() {
  const place = usePlace();
  return place.kind === 'sandbox' ? null : <Team place={place} />;
}

function Team({ place }: { readonly place: TeamPlace }) {
  const can = useCan(place);
  const query = useQuery(teamQuery(place));
  const { dialog } = useSearch({ strict: false });
  const navigate = useNavigate();
  const open = (next: 'invite' | 'api-user' | undefined) =>
    navigate({ to: '.', search: next === undefined ? {} : { dialog: next }, replace: true });
  const mayInvite = can('teams.users:invite');
  return (
    <Page
      title="Team"
      about={<About place={place} />}
      actions={
        mayInvite && (
          <>
            <Button
              variant="default"
              leftSection={<IconRobot size={18} aria-hidden />}
              onClick={() => open('api-user')}
            >
              New API user
            </Button>
            <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => open('invite')}>
              Invite team member
            </Button>
          </>
        )
      }
    >
      <Loaded query={query}>
        {({ team }) => (
          <Stack gap="xl">
            <Members place={place} members={team.filter((one) => one.is_programmatic !== true)} can={can} />
            <Stack gap="xs">
              <Title order={2} size="h4">
                API users
              </Title>
              <ApiUsers place={place} users={team.filter((one) => one.is_programmatic === true)} can={can} />
            </Stack>
          </Stack>
        )}
      </Loaded>
      <InviteDialog place={place} opened={mayInvite && dialog === 'invite'} onClose={() => open(undefined)} />
      <ApiUserDialog place={place} opened={mayInvite && dialog === 'api-user'} onClose={() => open(undefined)} />
    </Page>
  );
}

function About({ place }: { readonly place: TeamPlace }) {
  const product = useQuery({
    ...reading('getProduct', { params: { productIdOrSlug: place.kind === 'product' ? place.product : '' } }),
    enabled: place.kind === 'product',
    staleTime: 60_000,
  });
  if (place.kind === 'organization') return 'Roles here hold for the organization and all of its products.';
  const slug = product.data?.product.org;
  if (slug === null || slug === undefined) return 'Everybody who may see this product, and what they may do in it.';
  return (
    <Text span inherit>
      Members of this product only. Who has a role in the organization has it here too:{' '}
      <Link to="/orgs/$organization/team" params={{ organization: slug }} underline="always">
        team of the organization
      </Link>
      .
    </Text>
  );
}
