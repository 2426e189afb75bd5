import { Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import type { FleetSort } from '../product-devices-search.ts';
import type { FleetColumn } from './fleet-columns.tsx';
import classes from './fleet-table.module.css';

export interface Sorting {
  readonly by: FleetSort;
  readonly dir: 'asc' | 'desc';
  choose(by: FleetSort, dir: 'asc' | 'desc'): void;
}

/** The heading of a column; where that can be sorted, pressing it sorts, and pressing it again turns the order round. */
export function SortHeading({ column, sorting }: { readonly column: FleetColumn; readonly sorting: Sorting }) {
  const { title, sort, width } = column;
  if (sort === undefined) return <Table.Th w={width}>{title}</Table.Th>;
  const isSorted = sorting.by === sort;
  const isDown = isSorted && sorting.dir === 'desc';
  const Icon = !isSorted ? IconArrowsSort : isDown ? IconArrowDown : IconArrowUp;
  const next = isSorted ? (isDown ? 'asc' : 'desc') : sort === 'lastConnection' ? 'desc' : 'asc';
  return (
    <Table.Th w={width} aria-sort={!isSorted ? 'none' : isDown ? 'descending' : 'ascending'}>
      <UnstyledButton className={classes.sort} fz="inherit" onClick={() => sorting.choose(sort, next)}>
        {title}
        <Icon size={14} aria-hidden opacity={isSorted ? 1 : 0.45} style={{ flexShrink: 0 }} />
      </UnstyledButton>
    </Table.Th>
  );
}
