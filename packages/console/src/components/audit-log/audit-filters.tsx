import { paths } from 'virtual:operation-paths';
import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useZone } from '../../ui/time.tsx';
import { actionWords } from './action-words.ts';
import type { AuditSearch } from './audit-search.ts';
import { fromTimeInput, toTimeInput } from './time-input.ts';

const TYPING_MS = 400;

export interface AuditFiltersProps {
  readonly search: AuditSearch;
  onSearch(next: AuditSearch): void;
}

/** Narrows a log by who, what and when. */
export function AuditFilters({ search, onSearch }: AuditFiltersProps) {
  const zone = useZone();
  const { actor = '', action = null, from, to } = search;
  const [typed, setTyped] = useState(actor);
  useEffect(() => setTyped(actor), [actor]);
  const change = (next: { readonly [Key in keyof AuditSearch]?: string | null | undefined }) =>
    onSearch(Object.fromEntries(Object.entries({ ...search, ...next }).filter(([, value]) => value)));
  const changeActor = useDebouncedCallback((text: string) => change({ actor: text.trim() }), TYPING_MS);
  const zoneWords = zone === 'utc' ? 'UTC' : 'local time';
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        label="Who"
        placeholder="E-mail, name or id"
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value);
          changeActor(value);
        }}
        style={{ flex: '1 1 200px' }}
      />
      <Select
        label="What"
        placeholder="Everything"
        data={ACTIONS}
        value={action}
        onChange={(value) => change({ action: value })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Everything' }}
        nothingFoundMessage="No such action"
        style={{ flex: '1 1 220px' }}
      />
      <TextInput
        type="datetime-local"
        label={`From (${zoneWords})`}
        value={toTimeInput(from, zone)}
        onChange={(event) => change({ from: fromTimeInput(event.currentTarget.value, zone) })}
        style={{ flex: '1 1 190px' }}
      />
      <TextInput
        type="datetime-local"
        label={`Until (${zoneWords})`}
        value={toTimeInput(to, zone)}
        onChange={(event) => change({ to: fromTimeInput(event.currentTarget.value, zone) })}
        style={{ flex: '1 1 190px' }}
      />
      {Object.keys(search).length > 0 && (
        <Button variant="default" onClick={() => onSearch({})}>
          Clear filters
        </Button>
      )}
    </Group>
  );
}

/** Every change that a log may tell of, by its words. Those that are said alike are told apart by their operation. */
const ACTIONS = actionOptions(
  Object.entries(paths)
    .filter(([, [method]]) => method !== 'GET' && method !== 'HEAD')
    .map(([name]) => name),
);

function actionOptions(names: readonly string[]): { readonly value: string; readonly label: string }[] {
  const words = names.map(actionWords);
  return names
    .map((value, at) => {
      const label = words[at] ?? value;
      return { value, label: words.indexOf(label) === words.lastIndexOf(label) ? label : `${label} (${value})` };
    })
    .toSorted((one, other) => one.label.localeCompare(other.label));
}
