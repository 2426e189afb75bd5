import { Checkbox, MultiSelect, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { reading } from '../../data/query.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { devicesText } from './format.ts';
import type { Targets, Version } from './releases.ts';

export interface TargetFieldsProps {
  readonly product: string;
  readonly targets: Targets;
  onChange(targets: Targets): void;
  /** The version that is the product default now; undefined for none. */
  readonly currentDefault: Version | undefined;
  readonly error?: ReactNode;
}

/** Whom a version is for: the product default, groups, or both (OTA-09). */
export function TargetFields({ product, targets, onChange, currentDefault, error }: TargetFieldsProps) {
  const groups = useQuery(reading('listGroups', { params: { productIdOrSlug: product } }));
  const all = groups.data?.groups ?? [];
  return (
    <Stack gap="sm" role="group" aria-label="Release to">
      <Checkbox
        label="Product default"
        description={`For all devices that no lock and no group decides for. ${
          currentDefault === undefined ? 'No version is the default now.' : `Version ${currentDefault.version} now.`
        }`}
        checked={targets.productDefault}
        onChange={({ currentTarget: { checked } }) => onChange({ ...targets, productDefault: checked })}
      />
      {groups.isError && <ErrorState error={groups.error} onRetry={() => groups.refetch()} />}
      <MultiSelect
        label="Groups"
        description={
          groups.data !== undefined && all.length === 0
            ? 'The product has no groups yet.'
            : 'For the devices in them. Of several versions that are released to the groups of a device, it gets the highest.'
        }
        placeholder={targets.groups.length === 0 ? 'Choose groups' : undefined}
        data={all.map(({ name }) => name)}
        renderOption={({ option }) => {
          const group = all.find(({ name }) => name === option.value);
          return (
            <Stack gap={0}>
              <span>{option.value}</span>
              {group !== undefined && (
                <small>
                  {devicesText(group.device_count)},{' '}
                  {group.fw_version === null ? 'no version' : `version ${group.fw_version}`} now
                </small>
              )}
            </Stack>
          );
        }}
        value={[...targets.groups]}
        onChange={(names) => onChange({ ...targets, groups: names })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear the groups' }}
        hidePickedOptions
        nothingFoundMessage="No such group"
        disabled={all.length === 0}
        error={error}
      />
    </Stack>
  );
}
