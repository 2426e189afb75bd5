import { ChamberError } from '@cloudchamber/kernel';
import type { CompiledQuery } from 'kysely';
import type { SqliteValue } from './sqlite-messages.ts';

/** The parameters of a query, when all are values that a column takes. @throws ChamberError `store.bad_parameter` */
export function parametersOf(query: Pick<CompiledQuery, 'parameters'>): SqliteValue[] {
  return query.parameters.map((value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
      return value;
    if (value instanceof Uint8Array) return value;
    throw new ChamberError(
      'store.bad_parameter',
      'caller',
      `a query parameter is ${typeof value}, which no column takes`,
    );
  });
}
