import { Group, Text } from '@mantine/core';
import { IconGhost, IconKey, IconRobot, IconUser, IconUsersGroup, type TablerIcon } from '@tabler/icons-react';
import type { AuditEntry } from './audit-read.ts';

type Kind = AuditEntry['actor']['kind'];

const KINDS: Readonly<Record<Kind, { readonly label: string; readonly icon: TablerIcon }>> = {
  user: { label: 'Account', icon: IconUser },
  customer: { label: 'Customer', icon: IconUsersGroup },
  product: { label: 'OAuth client of the product', icon: IconKey },
  api_user: { label: 'API user', icon: IconRobot },
  nobody: { label: 'Nobody logged in', icon: IconGhost },
};

/** Who did it: with what kind of caller it was. */
export function ActorName({ actor }: { readonly actor: AuditEntry['actor'] }) {
  const { label, icon: Icon } = KINDS[actor.kind];
  return (
    <Group gap={6} wrap="nowrap">
      <Icon size={16} role="img" aria-label={label} style={{ flexShrink: 0 }} />
      <Text size="sm" span miw={120} style={{ overflowWrap: 'anywhere' }}>
        {actorText(actor)}
      </Text>
    </Group>
  );
}

/** @returns the name at that time, else the id, else that nobody was logged in */
export function actorText({ kind, name, id }: AuditEntry['actor']): string {
  return name ?? id ?? KINDS[kind].label;
}
