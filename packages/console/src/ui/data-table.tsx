import { Table } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loaded } from './loaded.tsx';

export interface Column<Row> {
  /** The heading; also of the CSV. */
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** What the CSV has; the column isn't in it when left out. */
  readonly text?: (row: Row) => string;
  readonly align?: 'left' | 'right';
}

export interface DataTableProps<Data, Row> {
  /** What the table is of, for people who hear it. */
  readonly label: string;
  readonly query: UseQueryResult<Data>;
  rowsOf(data: Data): readonly Row[];
  keyOf(row: Row): string;
  readonly columns: readonly Column<Row>[];
  /** Stands there when there is no row. */
  readonly empty: ReactNode;
}

/** A table of what a query reads, with its loading, empty and failed states. It scrolls sideways where it doesn't fit. */
export function DataTable<Data, Row>({ label, query, rowsOf, keyOf, columns, empty }: DataTableProps<Data, Row>) {
  return (
    <Loaded query={query}>
      {(data) => {
        const rows = rowsOf(data);
        if (rows.length === 0) return empty;
        return <Rows label={label} rows={rows} keyOf={keyOf} columns={columns} />;
      }}
    </Loaded>
  );
}

export interface RowsProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  keyOf(row: Row): string;
  readonly columns: readonly Column<Row>[];
}

/** The rows that are there, as a table. */
export function Rows<Row>({ label, rows, keyOf, columns }: RowsProps<Row>) {
  return (
    // What scrolls must be reachable by keyboard (WCAG 2.1.1).
    <Table.ScrollContainer
      minWidth={Math.min(720, columns.length * 130)}
      type="native"
      role="group"
      aria-label={label}
      tabIndex={0}
    >
      <Table highlightOnHover verticalSpacing="xs" aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ title, align = 'left' }) => (
              <Table.Th key={title} ta={align}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              {columns.map(({ title, cell, align = 'left' }) => (
                <Table.Td key={title} ta={align}>
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
