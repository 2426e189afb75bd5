import { Badge, Group, Stack, Text } from '@mantine/core';
import { IconRobot, IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCan } from '../../../data/permissions.ts';
import { reading } from '../../../data/query.ts';
import { LinkButton } from '../../../ui/link.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { counted, type Fleet, type OfProduct } from './fleet.ts';

const MOST_SHOWN = 6;

export interface AccessPanelProps extends OfProduct {
  readonly fleet: Fleet;
}

/** Who has access, and as what (PRD-24). */
export function AccessPanel({ product, fleet }: AccessPanelProps) {
  const can = useCan({ kind: 'product', product });
  const team = useQuery({
    ...reading('listProductTeam', { params: { productIdOrSlug: product } }),
    enabled: can('teams.users:list'),
  });
  return (
    <Panel
      title="Who has access to this fleet?"
      action={
        <LinkButton to="/products/$product/team" params={{ product }} variant="default" size="compact-sm">
          Team
        </LinkButton>
      }
    >
      <Loaded query={team}>
        {({ team: members }) => {
          const people = members.filter(({ is_programmatic, pending }) => !is_programmatic && !pending).length;
          const through = fleet.team.members - people;
          return (
            <>
              <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
                {members.slice(0, MOST_SHOWN).map((member) => (
                  <Group component="li" key={member.username} justify="space-between" wrap="nowrap" gap="xs">
                    <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
                      {member.is_programmatic ? (
                        <IconRobot size={16} aria-label="API user" role="img" style={{ flexShrink: 0 }} />
                      ) : (
                        <IconUser size={16} aria-label="Member" role="img" style={{ flexShrink: 0 }} />
                      )}
                      <Text size="sm" truncate title={member.username}>
                        {member.friendly_name ?? member.username}
                      </Text>
                    </Group>
                    <Badge variant="default" tt="none" style={{ flexShrink: 0 }}>
                      {roleOf(member)}
                    </Badge>
                  </Group>
                ))}
              </Stack>
              {members.length > MOST_SHOWN && (
                <Text size="sm" c="dimmed">
                  {members.length - MOST_SHOWN} more in the team
                </Text>
              )}
              {through > 0 && (
                <Text size="sm" c="dimmed">
                  {counted(through, 'more person', 'more people')} through the organization
                </Text>
              )}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

interface Member {
  readonly is_owner?: true | undefined;
  readonly is_programmatic?: true | undefined;
  readonly pending?: true | undefined;
  readonly role?: { readonly name: string } | undefined;
  readonly scopes?: readonly string[] | undefined;
}

function roleOf({ is_owner, is_programmatic, pending, role, scopes }: Member): string {
  if (is_owner) return 'Owner';
  if (is_programmatic) return counted(scopes?.length ?? 0, 'permission');
  return pending ? 'Invited' : (role?.name ?? 'Member');
}
