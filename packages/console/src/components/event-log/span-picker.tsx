import { Group, Select, TextInput } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useZone } from '../../ui/time.tsx';
import type { EventLogSearch } from './event-log-search.ts';
import { fromInput, toInput } from './time-input.ts';

const SPANS = [
  { value: 'live', label: 'Live' },
  { value: 'hour', label: 'Last hour' },
  { value: 'day', label: 'Last day' },
  { value: 'week', label: 'Last week' },
  { value: 'custom', label: 'From … to …' },
] as const;

export interface SpanProps {
  readonly search: EventLogSearch;
  onChange(change: EventLogSearch): void;
}

/** Chooses how far back the log goes. */
export function SpanPicker({ search, onChange }: SpanProps) {
  return (
    <Select
      aria-label="How far back"
      data={[...SPANS]}
      value={search.span ?? 'live'}
      onChange={(value) => {
        const span = SPANS.find((one) => one.value === value)?.value;
        onChange({ span: span === 'live' ? undefined : span, from: undefined, to: undefined });
      }}
      allowDeselect={false}
      leftSection={<IconHistory size={16} aria-hidden />}
      w={165}
      checkIconPosition="right"
    />
  );
}

/** The two times of a span of one's own. */
export function CustomSpan({ search, onChange }: SpanProps) {
  const zone = useZone();
  const zoneName = zone === 'utc' ? 'UTC' : 'local time';
  const isTurned =
    search.from !== undefined && search.to !== undefined && Date.parse(search.from) > Date.parse(search.to);
  return (
    <Group gap="xs" align="flex-start">
      <TextInput
        type="datetime-local"
        step={1}
        label={`From (${zoneName})`}
        value={toInput(search.from, zone)}
        onChange={({ currentTarget }) => onChange({ from: fromInput(currentTarget.value, zone) })}
      />
      <TextInput
        type="datetime-local"
        step={1}
        label={`To (${zoneName})`}
        value={toInput(search.to, zone)}
        onChange={({ currentTarget }) => onChange({ to: fromInput(currentTarget.value, zone) })}
        error={isTurned && 'This is before “From”.'}
      />
    </Group>
  );
}
