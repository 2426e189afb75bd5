import { Alert, CloseButton, Group, Text } from '@mantine/core';
import { IconMailOpened } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { reading } from '../data/query.ts';
import { LinkButton } from '../ui/link.tsx';

/** Above every page while the person has invitations to answer (PRD-29), until it is closed. */
export function InvitationsNotice() {
  const { pathname } = useLocation();
  const [closed, setClosed] = useState(false);
  const { data } = useQuery({ ...reading('listInvitations'), staleTime: 300_000 });
  const [first, ...others] = data?.invitations ?? [];
  if (first === undefined || closed || pathname === '/invitations') return null;
  return (
    <Alert mb="md" variant="light" icon={<IconMailOpened aria-hidden />} role="status">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {others.length === 0
            ? `You are invited to the team of ${first.name}.`
            : `You are invited to the teams of ${first.name} and ${others.length} more.`}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <LinkButton to="/invitations" size="compact-sm" variant="default">
            Answer
          </LinkButton>
          <CloseButton aria-label="Close this notice" onClick={() => setClosed(true)} />
        </Group>
      </Group>
    </Alert>
  );
}
