import type { Column } from './data-table.tsx';

/** RFC 4180; a value that a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const shown = columns.filter(({ text }) => text !== undefined);
  const line = (values: readonly string[]) => values.map(quoted).join(',');
  return [line(shown.map(({ title }) => title)), ...rows.map((row) => line(shown.map(({ text }) => text?.(row) ?? '')))]
    .join('\r\n')
    .concat('\r\n');
}

function quoted(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^[+-]?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Gives the person a file that the page has made. @param name with its ending */
export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Saves the rows of the current view. @param name without its ending */
export function downloadCsv<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): void {
  download(`${name}.csv`, csvOf(columns, rows), 'text/csv;charset=utf-8');
}
