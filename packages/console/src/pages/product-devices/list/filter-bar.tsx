import { Button, CloseButton, Group, MultiSelect, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { isFiltered, type ProductDevicesSearch } from '../product-devices-search.ts';

type Filters = Pick<ProductDevicesSearch, 'q' | 'groups' | 'online' | 'version' | 'development'>;

export interface FilterBarProps {
  readonly search: ProductDevicesSearch;
  /** Names of the product's groups. */
  readonly groups: readonly string[];
  /** Versions that devices run, with how many do; null for none of the product. */
  readonly versions: readonly { readonly version: number | null; readonly count: number }[];
  /** Keys that are undefined are taken away. */
  onChange(filters: Partial<Filters>): void;
}

const YES_NO = (yes: string, no: string) => [
  { value: 'yes', label: yes },
  { value: 'no', label: no },
];
const yesOrNo = (value: string | null): 'yes' | 'no' | undefined =>
  value === 'yes' || value === 'no' ? value : undefined;

/** Narrows down the list of a product's devices. */
export function FilterBar({ search, groups, versions, onChange }: FilterBarProps) {
  const chosen = search.groups?.split(',') ?? [];
  const clearAll = () =>
    onChange({ q: undefined, groups: undefined, online: undefined, version: undefined, development: undefined });
  return (
    <Group gap="xs" align="flex-end">
      <SearchField value={search.q ?? ''} onChange={(q) => onChange({ q: q === '' ? undefined : q })} />
      <Select
        aria-label="Status"
        placeholder="Any status"
        data={YES_NO('Online', 'Offline')}
        value={search.online ?? null}
        onChange={(value) => onChange({ online: yesOrNo(value) })}
        clearable
        style={{ flex: '1 1 130px', maxWidth: 180 }}
      />
      <MultiSelect
        aria-label="Groups"
        placeholder={chosen.length === 0 ? 'Any group' : undefined}
        data={[...new Set([...groups, ...chosen])]}
        value={chosen}
        onChange={(names) => onChange({ groups: names.length === 0 ? undefined : names.join(',') })}
        searchable
        clearable
        nothingFoundMessage="No such group"
        style={{ flex: '1 1 150px', maxWidth: 320 }}
      />
      <Select
        aria-label="Firmware version"
        placeholder="Any firmware"
        data={versionChoices(versions, search.version)}
        value={search.version === undefined ? null : String(search.version)}
        onChange={(value) =>
          onChange({ version: value === null ? undefined : value === 'none' ? 'none' : Number(value) })
        }
        searchable
        clearable
        nothingFoundMessage="No device runs it"
        style={{ flex: '1 1 150px', maxWidth: 220 }}
      />
      <Select
        aria-label="Development devices"
        placeholder="Development or not"
        data={YES_NO('Development', 'No development')}
        value={search.development ?? null}
        onChange={(value) => onChange({ development: yesOrNo(value) })}
        clearable
        style={{ flex: '1 1 150px', maxWidth: 220 }}
      />
      {isFiltered(search) && (
        <Button variant="subtle" leftSection={<IconX size={16} aria-hidden />} onClick={clearAll}>
          Clear filters
        </Button>
      )}
    </Group>
  );
}

function versionChoices(versions: FilterBarProps['versions'], chosen: ProductDevicesSearch['version']) {
  const choices = versions.map(({ version, count }) => ({
    value: version === null ? 'none' : String(version),
    label: version === null ? `None of the product (${count})` : `Version ${version} (${count})`,
  }));
  const value = String(chosen);
  if (chosen === undefined || choices.some((one) => one.value === value)) return choices;
  return [...choices, { value, label: chosen === 'none' ? 'None of the product' : `Version ${chosen}` }];
}

const TYPING_MS = 250;

/** Asks the cloud when the person stops typing. */
export function SearchField({ value, onChange }: { readonly value: string; onChange(text: string): void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const tell = useDebouncedCallback(onChange, { delay: TYPING_MS });
  const clear = () => {
    setText('');
    onChange('');
  };
  return (
    <TextInput
      aria-label="Search devices"
      placeholder="Name, device ID or serial number"
      leftSection={<IconSearch size={18} aria-hidden />}
      rightSection={text !== '' && <CloseButton aria-label="Clear the search" onClick={clear} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value.trim());
      }}
      data-filter-input
      style={{ flex: '1 1 240px', maxWidth: 420 }}
    />
  );
}
