import { Button, Group, SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { parsedDeviceId } from '../../data/device-id.ts';
import { OUTCOME_WORDS } from './attempt-words.ts';
import { type DoctorSearch, doctorSearch, isAddress } from './doctor-search.ts';

const TYPING_MS = 400;

export interface DoctorFiltersProps {
  readonly search: DoctorSearch;
  onSearch(next: DoctorSearch): void;
  /** Whether the person may choose between all attempts and those of the own devices. */
  readonly hasAll: boolean;
}

/** Narrows the list by device, address and outcome; keeps it new. */
export function DoctorFilters({ search, onSearch, hasAll }: DoctorFiltersProps) {
  const { device = '', address = '', outcome = null, of, live = false } = search;
  const change = (next: Readonly<Record<string, unknown>>) => onSearch(doctorSearch({ ...search, ...next }));
  const isFiltered = device !== '' || address !== '' || outcome !== null;
  return (
    <Group gap="sm" align="flex-start">
      {hasAll && (
        <SegmentedControl
          mt={{ base: 0, sm: 24 }}
          aria-label="Whose attempts"
          data={[
            { value: 'all', label: 'Whole cloud' },
            { value: 'mine', label: 'My devices' },
          ]}
          value={of ?? 'all'}
          onChange={(value) => change({ of: value })}
        />
      )}
      <TypedFilter
        label="Device ID"
        placeholder="24 hexadecimal digits"
        value={device}
        onValue={(text) => change({ device: text })}
        isRight={(text) => parsedDeviceId(text) !== undefined}
        wrong="A device ID has 24 hexadecimal digits"
        isFirst
      />
      <TypedFilter
        label="Address"
        placeholder="192.0.2.7"
        value={address}
        onValue={(text) => change({ address: text })}
        isRight={(text) => isAddress(text.trim())}
        wrong="A whole IP address, such as 192.0.2.7"
      />
      <Select
        label="Outcome"
        placeholder="Any"
        data={Object.entries(OUTCOME_WORDS).map(([value, label]) => ({ value, label }))}
        value={outcome}
        onChange={(value) => change({ outcome: value })}
        clearable
        clearButtonProps={{ 'aria-label': 'Any outcome' }}
        style={{ flex: '1 1 130px', maxWidth: 200 }}
      />
      <Group mt={24} mih={36} gap="md">
        <Switch label="Live" checked={live} onChange={(event) => change({ live: event.currentTarget.checked })} />
        {isFiltered && (
          <Button variant="default" onClick={() => change({ device: '', address: '', outcome: null })}>
            Clear filters
          </Button>
        )}
      </Group>
    </Group>
  );
}

interface TypedFilterProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  /** Called with what is right, or with nothing. */
  onValue(text: string): void;
  isRight(text: string): boolean;
  readonly wrong: string;
  readonly isFirst?: boolean;
}

/** A filter that counts when what is typed is whole. */
function TypedFilter({ label, placeholder, value, onValue, isRight, wrong, isFirst = false }: TypedFilterProps) {
  const [typed, setTyped] = useState(value);
  const [isWrong, setIsWrong] = useState(false);
  useEffect(() => {
    setTyped(value);
    setIsWrong(false);
  }, [value]);
  const settle = useDebouncedCallback((text: string) => {
    const isEmpty = text.trim() === '';
    setIsWrong(!isEmpty && !isRight(text));
    if (isEmpty || isRight(text)) onValue(text);
  }, TYPING_MS);
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={typed}
      error={isWrong ? wrong : undefined}
      onChange={({ currentTarget: { value: text } }) => {
        setTyped(text);
        settle(text);
      }}
      autoComplete="off"
      spellCheck={false}
      style={{ flex: '1 1 190px', maxWidth: 300 }}
      {...(isFirst && { 'data-filter-input': true })}
    />
  );
}
