import type { OperationCount } from '../data-operations.ts';
import type { EncodedEvents } from './encoded-events.ts';

/** A value that SQLite stores as it is. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

export interface QueryJob {
  readonly kind: 'query';
  /** `read` and `write` may share a transaction with neighbours; `alone` (DDL, pragmas, raw SQL) gets the connection for itself. */
  readonly mode: 'read' | 'write' | 'alone';
  readonly sql: string;
  readonly parameters: readonly SqliteValue[];
  /** How many columns of this statement the asker knows by name; naming them again would cost more than many a row. */
  readonly knownColumns?: number;
}

export interface AppendJob {
  readonly kind: 'append';
  readonly events: EncodedEvents;
  /** A row of `session_marks`, stored first: when it can't be, no event is. */
  readonly marks?: Uint8Array;
  /** Data operations to add that no event of the batch carries. */
  readonly operations?: readonly OperationCount[];
}

export type Job = QueryJob | AppendJob;

/**
 * How the jobs of one request run. `grouped`: in one transaction, so that they share one sync, each failing for itself. `plain`: as they are.
 * `leased`: inside the transaction that the first of them begins or an earlier request began; none runs once that is over.
 */
export type RequestMode = 'grouped' | 'plain' | 'leased';

/** The statement that opens a leased transaction. */
export const BEGIN = 'begin immediate';

/** What the main thread sends. One request is under way at a time. */
export type Request =
  | { readonly kind: 'jobs'; readonly mode: RequestMode; readonly jobs: readonly Job[] }
  | { readonly kind: 'close' };

export interface QueryResult {
  readonly kind: 'query';
  /** Absent when the asker knows them. */
  readonly columns?: readonly string[];
  readonly rows: readonly (readonly SqliteValue[])[];
  readonly changes: number;
  readonly lastInsertRowid: number;
}

export interface AppendResult {
  readonly kind: 'append';
  /** One per event in order; NaN for a row that was refused. */
  readonly sequences: Float64Array;
  /** Why the first refused row was refused. */
  readonly refusal?: string;
  readonly markSequence?: number;
}

export interface FailedJob {
  readonly kind: 'failed';
  readonly message: string;
  /** SQLite's extended result code, when it came from there. */
  readonly resultCode: number | undefined;
}

export type JobResult = QueryResult | AppendResult | FailedJob;

/** What the worker answers: once after start-up, then once per `jobs` request, with a result per job in order. */
export type Reply =
  | { readonly kind: 'opened' }
  | { readonly kind: 'not_opened'; readonly message: string }
  | { readonly kind: 'results'; readonly results: readonly JobResult[] };
