import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCpu,
  IconSend,
  IconSettings,
  IconWorldUpload,
  type TablerIcon,
} from '@tabler/icons-react';
import type { EventKind } from './log-event.ts';

/** What an event is, in words, with a sign. */
export const KINDS: Readonly<Record<EventKind, { readonly label: string; readonly icon: TablerIcon }>> = {
  device: { label: 'From a device', icon: IconCpu },
  api: { label: 'Published over the API', icon: IconSend },
  system: { label: 'System event', icon: IconSettings },
  'hook-sent': { label: 'Integration: sent', icon: IconWorldUpload },
  'hook-response': { label: 'Integration: response', icon: IconArrowBackUp },
  'hook-error': { label: 'Integration: error', icon: IconAlertTriangle },
};

export function EventKindIcon({ kind }: { readonly kind: EventKind }) {
  const { label, icon: Icon } = KINDS[kind];
  return <Icon size={16} stroke={1.7} role="img" aria-label={label} color={kind === 'hook-error' ? ERROR : DIMMED} />;
}

const ERROR = 'var(--mantine-color-error)';
const DIMMED = 'var(--mantine-color-dimmed)';
