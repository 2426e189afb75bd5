import type { HelloFacts, SessionProgress, StoredSession } from '@cloudchamber/gateway';
import { BytesError, ChamberError, type Clock, type DeviceId, type Logger, minutes } from '@cloudchamber/kernel';
import type { SecretBox, Store } from '../../store/index.ts';
import { decodeProgress, visitMarks } from './session-mark.ts';
import { unpackSecrets } from './session-secrets.ts';
import { findMarks, findSessions, type SessionWithKey } from './session-store.ts';

const ROWS_PER_PAGE = 1000;
/** Twice the longest silence of a device that is online, and some time for the server to be away. */
const OUTDATED_MS = minutes(120);

export interface LoadingContext {
  readonly store: Store;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface LoadedSessions {
  /** The newest of each device, by the id of its row. */
  readonly sessions: ReadonlyMap<number, StoredSession>;
  /** Rows that nobody will use any more: of devices that have another key now, replaced ones, and such as can't be read. */
  readonly stale: readonly number[];
}

interface LatestMark {
  readonly sequence: number;
  readonly progress: SessionProgress;
}

export function sealContext(deviceId: string): string {
  return `session:${deviceId}`;
}

/**
 * Every session that can be continued, as of the last commit before the process ended. Page by page, so that 100,000 of them don't stop everything else.
 *
 * None can be when no device was heard for hours: then this may be an old copy of the database, and to go on from there would use nonces again.
 */
export async function loadSessions(ctx: LoadingContext): Promise<LoadedSessions> {
  const latest = await latestMarks(ctx.store);
  const sessions = new Map<number, StoredSession>();
  const newest = new Map<string, number>();
  const stale: number[] = [];
  let unreadable = 0;
  let after = 0;
  for (;;) {
    const page = await findSessions(ctx.store.db, after, ROWS_PER_PAGE);
    for (const row of page) {
      after = row.id;
      const session = hasItsKey(row) ? open(ctx, row, latest.get(row.id)) : undefined;
      if (session === undefined && hasItsKey(row)) unreadable += 1;
      const replaced = session === undefined ? row.id : newest.get(row.device_id);
      if (replaced !== undefined) {
        stale.push(replaced);
        sessions.delete(replaced);
      }
      if (session === undefined) continue;
      newest.set(row.device_id, row.id);
      sessions.set(row.id, session);
    }
    if (page.length < ROWS_PER_PAGE) break;
  }
  if (sessions.size > 0 && isOutdated(sessions.values(), ctx.clock.now())) {
    ctx.log.warn(
      { sessions: sessions.size },
      'sessions are outdated, as in an old copy of the store; devices handshake anew',
    );
    return { sessions: new Map(), stale: [...stale, ...sessions.keys()] };
  }
  if (unreadable > 0)
    ctx.log.warn({ sessions: unreadable }, 'sessions could not be read; their devices handshake anew');
  return { sessions, stale };
}

/** The last mark of each session that has one. */
async function latestMarks({ db }: Store): Promise<Map<number, LatestMark>> {
  const latest = new Map<number, LatestMark>();
  let after = 0;
  for (;;) {
    const page = await findMarks(db, after, ROWS_PER_PAGE);
    for (const { sequence, marks } of page) {
      after = sequence;
      visitMarks(marks, (id, progress) => latest.set(id, { sequence, progress }));
    }
    if (page.length < ROWS_PER_PAGE) return latest;
  }
}

function isOutdated(sessions: Iterable<StoredSession>, now: number): boolean {
  let newest = 0;
  for (const { progress } of sessions) newest = Math.max(newest, progress.heardAt);
  return now - newest > OUTDATED_MS;
}

function hasItsKey({ public_key, registered_key }: SessionWithKey): boolean {
  return registered_key !== null && Buffer.compare(public_key, registered_key) === 0;
}

/** Undefined when it can't be read: that costs its device a handshake, and nothing else. */
function open(ctx: LoadingContext, row: SessionWithKey, latest: LatestMark | undefined): StoredSession | undefined {
  try {
    const isNewer = latest !== undefined && latest.sequence > row.gathered;
    const progress = isNewer ? latest.progress : decodeProgress(row.progress);
    if (progress === undefined) return undefined;
    const secrets = ctx.secrets.open(row.sealed_secrets, sealContext(row.device_id));
    return {
      deviceId: row.device_id as DeviceId,
      keys: unpackSecrets(secrets, new Uint8Array(row.public_key)),
      hello: JSON.parse(row.hello) as HelloFacts,
      startedAt: row.started_at,
      progress,
    };
  } catch (error) {
    if (error instanceof BytesError || error instanceof ChamberError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
