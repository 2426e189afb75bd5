import { Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { DevicesSearch, SortKey } from '../devices-search.ts';
import type { DeviceColumn } from './device-columns.tsx';
import type { DeviceRow } from './device-rows.ts';
import classes from './devices-table.module.css';
import { RowActions } from './row-actions.tsx';

/** Longer lists scroll in a frame of their own, and only what is in sight is drawn. */
const LONG = 100;
const ROW_PX = 49;
const ACTIONS_PX = 56;

export interface DevicesTableProps {
  readonly rows: readonly DeviceRow[];
  readonly columns: readonly DeviceColumn[];
  readonly search: DevicesSearch;
  onSort(sort: SortKey, dir: 'desc' | undefined): void;
}

/** The devices as a table that can be sorted; smooth with tens of thousands. */
export function DevicesTable({ rows, columns, search, onSort }: DevicesTableProps) {
  const frame = useRef<HTMLDivElement>(null);
  const isLong = rows.length > LONG;
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: isLong,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  const shown = isLong ? rows.slice(first?.index ?? 0, (last?.index ?? -1) + 1) : rows;
  const before = isLong ? (first?.start ?? 0) : 0;
  const after = isLong ? virtual.getTotalSize() - (last?.end ?? 0) : 0;
  const width = columns.reduce((sum, column) => sum + column.width, ACTIONS_PX);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section ref={frame} className={`${classes.frame} ${isLong ? classes.long : ''}`} tabIndex={0} aria-label="Devices">
      <Table
        className={classes.table}
        miw={width}
        highlightOnHover
        verticalSpacing="xs"
        aria-label="Devices"
        aria-rowcount={rows.length + 1}
      >
        <Table.Thead className={classes.head}>
          <Table.Tr aria-rowindex={1}>
            {columns.map((column) => (
              <Heading key={column.id} column={column} search={search} onSort={onSort} />
            ))}
            <Table.Th w={ACTIONS_PX} aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          {shown.map((row, at) => (
            <Table.Tr key={row.device.id} aria-rowindex={(first?.index ?? 0) + at + 2}>
              {columns.map(({ id, cell }) => (
                <Table.Td key={id}>{cell(row)}</Table.Td>
              ))}
              <Table.Td ta="right">
                <RowActions device={row.device} />
              </Table.Td>
            </Table.Tr>
          ))}
          {after > 0 && <tr aria-hidden style={{ height: after }} />}
        </Table.Tbody>
      </Table>
    </section>
  );
}

interface HeadingProps extends Pick<DevicesTableProps, 'search' | 'onSort'> {
  readonly column: DeviceColumn;
}

function Heading({ column: { title, sort, width }, search, onSort }: HeadingProps) {
  if (sort === undefined) return <Table.Th w={width}>{title}</Table.Th>;
  const isSorted = search.sort === sort;
  const isDown = isSorted && search.dir === 'desc';
  const Icon = !isSorted ? IconArrowsSort : isDown ? IconArrowDown : IconArrowUp;
  return (
    <Table.Th w={width} aria-sort={!isSorted ? 'none' : isDown ? 'descending' : 'ascending'}>
      <UnstyledButton
        className={classes.sort}
        fz="inherit"
        onClick={() => onSort(sort, isSorted && !isDown ? 'desc' : undefined)}
      >
        {title}
        <Icon size={14} aria-hidden opacity={isSorted ? 1 : 0.45} />
      </UnstyledButton>
    </Table.Th>
  );
}
