import { Checkbox, Table } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import type { FleetColumn } from './fleet-columns.tsx';
import type { FleetDevice } from './fleet-device.ts';
import { FleetRow } from './fleet-row.tsx';
import classes from './fleet-table.module.css';
import { SortHeading, type Sorting } from './sort-heading.tsx';
import type { Selection } from './use-selection.ts';

/** Longer pages scroll in a frame of their own, and only what is in sight is drawn. */
const LONG = 30;
const ROW_PX = 60;
const CHECK_PX = 44;
const ACTIONS_PX = 56;

export interface FleetTableProps {
  readonly label: string;
  readonly rows: readonly FleetDevice[];
  readonly columns: readonly FleetColumn[];
  readonly sorting: Sorting;
  /** Left out where nothing can be selected. */
  readonly selection?: Selection | undefined;
  /** What stands at the end of a row, and how wide that is in px. */
  readonly actions?: ((device: FleetDevice) => ReactNode) | undefined;
  readonly actionsWidth?: number;
  /** The rows are those of the page before, while the next is read. */
  readonly stale: boolean;
}

/** Devices of a product as a table that can be sorted and selected from. */
export function FleetTable(props: FleetTableProps) {
  const { label, rows, columns, sorting, selection, actions, actionsWidth = ACTIONS_PX, stale } = props;
  const frame = useRef<HTMLElement>(null);
  const isLong = rows.length > LONG;
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: isLong,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  const firstId = rows[0]?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page begins at its top
  useEffect(() => {
    frame.current?.scrollTo({ top: 0 });
  }, [firstId]);
  const items = virtual.getVirtualItems();
  const from = isLong ? (items[0]?.index ?? 0) : 0;
  const shown = isLong ? rows.slice(from, (items.at(-1)?.index ?? -1) + 1) : rows;
  const before = isLong ? (items[0]?.start ?? 0) : 0;
  const after = isLong ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;
  const width =
    columns.reduce((sum, column) => sum + column.width, 0) + (selection ? CHECK_PX : 0) + (actions ? actionsWidth : 0);
  return (
    <section
      ref={frame}
      className={`${classes.frame} ${isLong ? classes.long : ''} ${stale ? classes.stale : ''}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      aria-label={label}
      aria-busy={stale}
    >
      <Table
        className={classes.table}
        miw={width}
        highlightOnHover
        verticalSpacing={6}
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        <Table.Thead className={classes.head}>
          <Table.Tr aria-rowindex={1}>
            {selection && (
              <Table.Th w={CHECK_PX}>
                <Checkbox
                  aria-label="Select all devices of this page"
                  checked={selection.hasAll(rows)}
                  indeterminate={selection.hasSome(rows) && !selection.hasAll(rows)}
                  onChange={(event) => selection.setAll(rows, event.currentTarget.checked)}
                />
              </Table.Th>
            )}
            {columns.map((column) => (
              <SortHeading key={column.title} column={column} sorting={sorting} />
            ))}
            {actions && <Table.Th w={actionsWidth} aria-label="Actions" />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          {shown.map((row, at) => (
            <FleetRow
              key={row.id}
              row={row}
              index={from + at + 2}
              height={ROW_PX}
              columns={columns}
              selection={selection}
              actions={actions}
            />
          ))}
          {after > 0 && <tr aria-hidden style={{ height: after }} />}
        </Table.Tbody>
      </Table>
    </section>
  );
}
