import { TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { isGroupName } from './group-name.ts';

export interface GroupsInputProps {
  /** Id or slug. */
  readonly product: string;
  readonly label: string;
  readonly description?: string;
  readonly value: readonly string[];
  onChange(groups: string[]): void;
}

/** Chooses groups of a product; names that are new are taken too. */
export function GroupsInput({ product, label, description, value, onChange }: GroupsInputProps) {
  const can = useCan({ kind: 'product', product });
  const groups = useQuery({
    ...reading('listGroups', { params: { productIdOrSlug: product } }),
    enabled: can('groups:list'),
  });
  const [refused, setRefused] = useState<string>();
  const change = (names: readonly string[]) => {
    const cleaned = [...new Set(names.map((name) => name.trim().toLowerCase()))];
    setRefused(cleaned.find((name) => !isGroupName(name)));
    onChange(cleaned.filter(isGroupName));
  };
  return (
    <TagsInput
      label={label}
      description={description}
      placeholder={value.length === 0 ? 'None' : undefined}
      data={groups.data?.groups.map(({ name }) => name) ?? []}
      value={[...value]}
      onChange={change}
      splitChars={[',', ' ']}
      error={
        refused === undefined
          ? undefined
          : `“${refused}” is no name for a group: 1 to 64 letters, digits, - and _, without capitals`
      }
      comboboxProps={{ shadow: 'md' }}
    />
  );
}
