import type { Scope } from '@cloudchamber/contract';
import { Badge, Button, Group, Select, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../data/api.ts';
import { useUser } from '../../data/session.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { type Column, Rows } from '../../ui/data-table.tsx';
import { type Member, ROLES, TEAM_READS, type TeamPlace, teamChanges } from './team-operations.ts';

export interface MembersProps {
  readonly place: TeamPlace;
  readonly members: readonly Member[];
  readonly can: (scope: Scope) => boolean;
}

/** Who is in the team, invited ones too. */
export function Members({ place, members, can }: MembersProps) {
  const { username } = useUser();
  const changes = teamChanges(place);
  const changeRole = useChange({
    run: ({ member, role }: { readonly member: Member; readonly role: string }) =>
      changes.changeRole(member.username, role),
    changes: TEAM_READS,
    done: ({ member, role }) => `${member.username} is ${role} now`,
  });
  const columns: Column<Member>[] = [
    {
      title: 'Member',
      cell: (member) => (
        <Group gap="xs">
          <Text span>{member.username}</Text>
          {member.username === username && <Badge variant="default">you</Badge>}
          {member.pending === true && <Badge variant="default">invited, has not answered</Badge>}
        </Group>
      ),
      text: (member) => member.username,
    },
    {
      title: 'Role',
      cell: (member) => {
        const name = member.is_owner === true ? 'Owner' : (member.role?.name ?? '');
        const isFixed =
          member.is_owner === true ||
          member.pending === true ||
          member.username === username ||
          !can('teams.users:update');
        if (isFixed) return name;
        return (
          <Select
            aria-label={`Role of ${member.username}`}
            data={ROLES.map((role) => role.name)}
            value={name}
            allowDeselect={false}
            w={170}
            disabled={changeRole.isPending}
            onChange={(role) => role !== null && role !== name && changeRole.mutate({ member, role })}
          />
        );
      },
      text: (member) => (member.is_owner === true ? 'Owner' : (member.role?.name ?? '')),
    },
    {
      title: 'Second factor',
      cell: ({ pending, no_mfa }) => (pending === true || no_mfa === undefined ? '–' : no_mfa ? 'no' : 'yes'),
      text: ({ no_mfa }) => (no_mfa === undefined ? '' : no_mfa ? 'no' : 'yes'),
    },
    {
      title: 'Actions',
      align: 'right',
      cell: (member) => <Leave place={place} member={member} isSelf={member.username === username} can={can} />,
    },
  ];
  return <Rows label="Team members" rows={members} keyOf={(member) => member.username} columns={columns} />;
}

interface LeaveProps {
  readonly place: TeamPlace;
  readonly member: Member;
  readonly isSelf: boolean;
  readonly can: (scope: Scope) => boolean;
}

/** Takes a member or an invitation away, or the person out of the team. */
function Leave({ place, member, isSelf, can }: LeaveProps) {
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  const remove = useChange({
    run: () => (isSelf ? leave(place) : teamChanges(place).remove(member.username)),
    changes: [...TEAM_READS, 'listInvitations'],
    done: () => (isSelf ? 'You have left the team' : `${member.username} was removed`),
    onDone: () => {
      setAsking(false);
      if (isSelf) void navigate({ to: '/products' });
    },
  });
  if (member.is_owner === true || !(isSelf || can('teams.users:remove'))) return null;
  const action = isSelf ? 'Leave the team' : member.pending === true ? 'Withdraw' : 'Remove';
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
        {action}
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate()}
        loading={remove.isPending}
        title={isSelf ? 'Leave the team?' : `${action}: ${member.username}?`}
        action={action}
      >
        {isSelf
          ? 'You see nothing of it any more, at once. Somebody of the team can invite you again.'
          : member.pending === true
            ? 'The invitation cannot be accepted any more.'
            : 'Their next request is refused and their event streams end. API users that they made stay.'}
      </Confirm>
    </>
  );
}

async function leave(place: TeamPlace): Promise<unknown> {
  const teamId =
    place.kind === 'product'
      ? String((await api.call('getProduct', { params: { productIdOrSlug: place.product } })).product.id)
      : (await api.call('getOrganization', { params: { orgIdOrSlug: place.organization } })).organization.id;
  return api.call('leaveTeam', { params: { teamKind: place.kind, teamId } });
}
