import { type ComboboxItem, type ComboboxItemGroup, Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { reading } from '../../data/query.ts';
import { Link } from '../../ui/link.tsx';
import { messageOf } from '../../ui/toasts.tsx';

export interface DeviceSelectProps {
  readonly product: string;
  readonly value: string | null;
  onChange(deviceId: string | null): void;
  readonly disabled: boolean;
}

const SHOWN = 25;
const SEPARATOR = ' · ';

/** What the cloud has found for an older text must not be chosen for a newer one. */
function isFor(option: ComboboxItem | ComboboxItemGroup<ComboboxItem>, search: string): boolean {
  const sought = search.trim().toLowerCase();
  return 'value' in option && (option.value.includes(sought) || option.label.toLowerCase().includes(sought));
}

/** Chooses a device of the product by name or id. */
export function DeviceSelect({ product, value, onChange, disabled }: DeviceSelectProps) {
  const [typed, setTyped] = useState('');
  // What stands there after a choice begins with the name or id of the device.
  const [text] = useDebouncedValue(typed.split(SEPARATOR)[0]?.trim() ?? '', 250);
  const devices = useQuery({
    ...reading('listProductDevices', {
      params: { productIdOrSlug: product },
      query: {
        perPage: SHOWN,
        quarantined: 'false',
        ...(/^[0-9a-f]{6,24}$/i.test(text) ? { deviceId: text } : text !== '' && { deviceName: text }),
      },
    }),
    placeholderData: keepPreviousData,
  });
  const found = devices.data?.devices;
  if (found?.length === 0 && text === '') {
    return (
      <Text size="sm">
        The product has no devices yet.{' '}
        <Link inherit to="/products/$product/devices" params={{ product }}>
          Add one first
        </Link>
        .
      </Text>
    );
  }
  return (
    <Select
      label="Device"
      description="One on your desk is best. A device that is online gets it now."
      placeholder="Search by name or device ID"
      searchable
      openOnFocus={false}
      data={found?.map(({ id, name, online, firmware_version }) => ({
        value: id,
        label: [
          name ?? id,
          online ? 'online' : 'offline',
          firmware_version === null ? 'no version' : `version ${firmware_version}`,
        ].join(SEPARATOR),
      }))}
      filter={({ options, search }) => options.filter((option) => isFor(option, search))}
      searchValue={typed}
      onSearchChange={setTyped}
      value={value}
      onChange={onChange}
      nothingFoundMessage={devices.isPending ? 'Loading' : 'The product has no such device'}
      error={devices.isError ? messageOf(devices.error) : undefined}
      disabled={disabled}
      data-autofocus
    />
  );
}
