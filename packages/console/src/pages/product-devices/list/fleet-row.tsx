import { Checkbox, Table } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import type { FleetColumn } from './fleet-columns.tsx';
import type { FleetDevice } from './fleet-device.ts';
import type { Selection } from './use-selection.ts';

const SELECTED = 'light-dark(var(--mantine-color-blue-0), var(--mantine-color-dark-5))';

export interface FleetRowProps {
  readonly row: FleetDevice;
  /** From 1, the heading counted. */
  readonly index: number;
  /** In px. */
  readonly height: number;
  readonly columns: readonly FleetColumn[];
  readonly selection: Selection | undefined;
  readonly actions: ((device: FleetDevice) => ReactNode) | undefined;
}

/** One device of the table; drawn anew only when something of it has changed, so that scrolling stays smooth. */
export const FleetRow = memo(function FleetRow({ row, index, height, columns, selection, actions }: FleetRowProps) {
  const selected = selection?.has(row.id) ?? false;
  return (
    <Table.Tr h={height} aria-rowindex={index} bg={selected ? SELECTED : undefined}>
      {selection && (
        <Table.Td>
          <Checkbox
            aria-label={`Select ${row.name}`}
            checked={selected}
            onChange={(event) => selection.setAll([row], event.currentTarget.checked)}
          />
        </Table.Td>
      )}
      {columns.map(({ title, cell }) => (
        <Table.Td key={title}>{cell(row)}</Table.Td>
      ))}
      {actions && <Table.Td ta="right">{actions(row)}</Table.Td>}
    </Table.Tr>
  );
});
