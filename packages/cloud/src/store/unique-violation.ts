import { SqliteError } from './sqlite/sqlite-error.ts';

const SQLITE_CONSTRAINT_UNIQUE = 2067;
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555;
const POSTGRES_UNIQUE_VIOLATION = '23505';

/** True when a query failed since a row with that key is there already, on either engine. */
export function isUniqueViolation(error: unknown): boolean {
  if (error instanceof SqliteError) {
    return error.resultCode === SQLITE_CONSTRAINT_UNIQUE || error.resultCode === SQLITE_CONSTRAINT_PRIMARYKEY;
  }
  return error instanceof Error && 'code' in error && error.code === POSTGRES_UNIQUE_VIOLATION;
}
