/** What a spreadsheet takes for the begin of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * A record of RFC 4180 without its line end. Texts that a spreadsheet could take for a formula begin with an apostrophe; numbers stay what they are.
 * @param cells null is an empty cell
 */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return cells.map(cellOf).join(',');
}

function cellOf(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
