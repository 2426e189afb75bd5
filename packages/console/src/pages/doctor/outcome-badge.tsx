import { Badge } from '@mantine/core';
import { IconCheck, IconPlayerTrackNext, IconPlugX, IconShieldX, type TablerIcon } from '@tabler/icons-react';
import { OUTCOME_WORDS } from './attempt-words.ts';
import type { Outcome } from './doctor-search.ts';

const LOOKS: Readonly<Record<Outcome, { readonly icon: TablerIcon; readonly color?: string }>> = {
  admitted: { icon: IconCheck, color: 'teal' },
  resumed: { icon: IconPlayerTrackNext, color: 'teal' },
  refused: { icon: IconShieldX, color: 'red' },
  failed: { icon: IconPlugX },
};

/** How an attempt ended: in words and with a sign, not by colour alone. */
export function OutcomeBadge({ outcome }: { readonly outcome: Outcome }) {
  const { icon: Icon, color } = LOOKS[outcome];
  return (
    <Badge
      variant={color === undefined ? 'default' : 'light'}
      leftSection={<Icon size={14} aria-hidden />}
      tt="none"
      miw="max-content"
      {...(color && { color })}
    >
      {OUTCOME_WORDS[outcome]}
    </Badge>
  );
}
