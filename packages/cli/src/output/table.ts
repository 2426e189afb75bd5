/** Columns of text, two blanks apart, with a head. @param rows cells by row, without line breaks */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return openTable(head)(rows);
}

/** The same for rows that come in portions: the head stands above the first, and columns only grow. @returns takes a portion, gives its lines */
export function openTable(head: readonly string[]): (rows: readonly (readonly string[])[]) => string[] {
  let widths = head.map((name) => name.length);
  let begun = false;
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return (rows) => {
    widths = widths.map((width, at) => rows.reduce((most, row) => Math.max(most, row[at]?.length ?? 0), width));
    const above = begun ? [] : [line(head)];
    begun = true;
    return [...above, ...rows.map(line)];
  };
}
