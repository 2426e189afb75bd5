import { formatTimestamp } from '@cloudchamber/contract';
import { stringify } from 'csv-stringify/sync';
import { VITALS_PATHS, type VitalsPayload, type VitalsRecord, valueAt } from '../../domain/vitals/index.ts';

const COLUMNS = ['updated_at', 'deviceID', ...VITALS_PATHS, 'other'];
const KNOWN: ReadonlySet<string> = new Set(VITALS_PATHS);
/** What a spreadsheet takes for the begin of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** Whether the Accept header asks for CSV first. */
export function wantsCsv(accept: string | undefined): boolean {
  const [wanted] = (accept ?? '').split(',');
  return wanted?.split(';')[0]?.trim().toLowerCase() === 'text/csv';
}

/**
 * Records as RFC 4180. The columns are always the same, so that nothing has to be read twice; what has no column stands as JSON in the last one. Texts that
 * programs could take for a formula begin with an apostrophe; numbers stay what they are.
 * @param first whether nothing was written before
 */
export function vitalsCsv(deviceId: string, records: readonly VitalsRecord[], first: boolean): string {
  const rows = records.map(({ at, payload }) => [
    formatTimestamp(at),
    deviceId,
    ...VITALS_PATHS.map((path) => cellOf(valueAt(payload, path))),
    cellOf(rest(payload)),
  ]);
  return stringify(rows, { columns: COLUMNS, header: first, record_delimiter: 'windows' });
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return FORMULA.test(value) ? `'${value}` : value;
  return JSON.stringify(value);
}

/** What stands in the payload and has no column. */
function rest(payload: VitalsPayload): object | undefined {
  const left = without(payload, '');
  return Object.keys(left).length === 0 ? undefined : left;
}

function without(branch: Readonly<Record<string, unknown>>, path: string): Record<string, unknown> {
  const left = Object.entries(branch).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    if (KNOWN.has(here)) return [];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[key, value] as const];
    const inner = without({ ...value }, here);
    return Object.keys(inner).length === 0 && Object.keys(value).length > 0 ? [] : [[key, inner] as const];
  });
  return Object.fromEntries(left);
}
