import type { BatchCompany, BatchOutcome } from '../event-appender.ts';
import type { NewEvent } from '../event-log.ts';
import { encodeEvents } from './encoded-events.ts';
import { SqliteError } from './sqlite-error.ts';
import type { SqliteThread } from './sqlite-thread.ts';

/** One batch as one job of the worker; plain writes that wait beside it share its commit. */
export async function appendToSqlite(
  thread: SqliteThread,
  events: readonly NewEvent[],
  company: BatchCompany,
): Promise<BatchOutcome> {
  const result = await thread.run({ kind: 'append', events: encodeEvents(events), ...company });
  if (result.kind === 'append') return result;
  throw result.kind === 'failed'
    ? new SqliteError(result.message, result.resultCode)
    : new SqliteError('an append was answered as a query', undefined);
}
