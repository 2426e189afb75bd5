import type { HelloFacts, ProgressSource, SessionVault, StoredSession, VaultEntry } from '@cloudchamber/gateway';
import { ChamberError, type Clock, errorMessage, type Logger, seconds, type Timer } from '@cloudchamber/kernel';
import type { SecretBox, SessionMarks, Store } from '../../store/index.ts';
import { DeviceWrites } from '../devices/index.ts';
import { type EntryKeeper, KeptEntry } from './kept-entry.ts';
import { loadSessions, sealContext } from './load-sessions.ts';
import { encodeProgress } from './session-mark.ts';
import { packSecrets } from './session-secrets.ts';
import { changeHello, deleteMarks, deleteSessions, insertSession, saveProgress } from './session-store.ts';

export interface SessionVaultOptions {
  readonly store: Store;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How long marks gather before they are written into the rows of their sessions. */
const GATHER_MS = seconds(20);
/** So that events never wait long behind one transaction. */
const ROWS_PER_WRITE = 500;
const MARKS_PER_DELETE = 1000;

/**
 * Sessions in the store (protocol section 1.9). What lasts is a row for each session, keys sealed. What changes with every record goes into the commit of events that
 * is next, as a mark; from time to time marks are gathered into the rows and deleted.
 */
export class DurableSessionVault implements SessionVault, EntryKeeper {
  readonly marks: SessionMarks;
  readonly #options: SessionVaultOptions;
  readonly #writes: DeviceWrites;
  readonly #ids = new WeakMap<StoredSession, number>();
  readonly #removed: number[] = [];
  readonly #changed = new Set<KeptEntry>();
  #gatheredUpTo = 0;
  #timer: Timer | undefined;
  #gathering: Promise<void> | undefined;
  #closed = false;

  constructor(options: SessionVaultOptions) {
    this.#options = options;
    this.marks = options.store.marks;
    this.#writes = new DeviceWrites(options.store);
    this.#schedule();
  }

  /** What earlier processes have left. Call it once, before anything else. */
  async load(): Promise<StoredSession[]> {
    const { sessions, stale } = await loadSessions(this.#options);
    for (const [id, session] of sessions) this.#ids.set(session, id);
    if (stale.length > 0) await this.#writes.run((db) => deleteSessions(db, stale));
    return [...sessions.values()];
  }

  async save(session: StoredSession, source: ProgressSource): Promise<VaultEntry> {
    const { deviceId, keys, hello, startedAt, progress } = session;
    const row = {
      device_id: deviceId,
      public_key: keys.peerSpki,
      sealed_secrets: this.#options.secrets.seal(packSecrets(keys), sealContext(deviceId)),
      hello: JSON.stringify(hello),
      started_at: startedAt,
      progress: encodeProgress(progress),
      gathered: 0,
    };
    let id = 0;
    await this.#writes.run(async (db) => {
      id = await insertSession(db, row);
    });
    return new KeptEntry(id, this, source);
  }

  adopt(session: StoredSession, source: ProgressSource): VaultEntry {
    const id = this.#ids.get(session);
    if (id === undefined) throw new ChamberError('session.unknown', 'internal', 'the session is not of this vault');
    return new KeptEntry(id, this, source);
  }

  settled(): Promise<void> {
    return this.marks.settled();
  }

  changed(entry: KeptEntry): void {
    this.#changed.add(entry);
  }

  greeted({ id }: KeptEntry, hello: HelloFacts): Promise<void> {
    return this.#writes.run((db) => changeHello(db, id, JSON.stringify(hello)));
  }

  remove(entry: KeptEntry): void {
    this.#changed.delete(entry);
    this.#removed.push(entry.id);
    if (this.#removed.length > 1) return;
    // What is removed until its turn comes goes along.
    this.#writes
      .run((db) => deleteSessions(db, this.#removed.splice(0)))
      .catch((error: unknown) => {
        this.#options.log.warn({ error: errorMessage(error) }, 'sessions that are over were not deleted');
      });
  }

  /** Writes the marks so far into the rows of their sessions, and deletes them. It happens by itself every twenty seconds. */
  gather(): Promise<void> {
    this.#gathering ??= this.#gather().finally(() => {
      this.#gathering = undefined;
    });
    return this.#gathering;
  }

  /** Resolves when nothing is under way any more. Call it after the gateway has stopped and before the store closes, which stores the last marks. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#gathering?.catch(() => undefined);
    await this.#writes.settled();
  }

  async #gather(): Promise<void> {
    const upTo = this.marks.newest;
    if (upTo === this.#gatheredUpTo) return;
    // Whoever left a mark up to `upTo` is among these.
    const changed = [...this.#changed];
    this.#changed.clear();
    try {
      for (let at = 0; at < changed.length; at += ROWS_PER_WRITE) {
        await this.#saveProgress(changed.slice(at, at + ROWS_PER_WRITE));
      }
    } catch (error) {
      for (const entry of changed) this.#changed.add(entry);
      throw error;
    }
    await this.#deleteMarks(upTo);
    this.#gatheredUpTo = upTo;
  }

  async #saveProgress(entries: readonly KeptEntry[]): Promise<void> {
    const { newest } = this.marks;
    const changes = entries.flatMap((entry) => {
      const progress = entry.durable;
      return progress === undefined ? [] : [{ id: entry.id, entry, progress }];
    });
    const rows = changes.map(({ id, progress }) => ({ id, progress: encodeProgress(progress) }));
    await this.#writes.run((db) => saveProgress(db, this.#options.store.engine, rows, newest));
    for (const { entry, progress } of changes) if (entry.gathered(progress)) this.#changed.add(entry);
  }

  async #deleteMarks(upTo: number): Promise<void> {
    let deleted = MARKS_PER_DELETE;
    while (deleted === MARKS_PER_DELETE) {
      await this.#writes.run(async (db) => {
        deleted = await deleteMarks(db, upTo, MARKS_PER_DELETE);
      });
    }
  }

  #schedule(): void {
    const { clock, log } = this.#options;
    this.#timer = clock.after(GATHER_MS, () => {
      this.gather()
        .catch((error: unknown) => log.warn({ error: errorMessage(error) }, 'marks of sessions were not gathered'))
        .finally(() => {
          if (!this.#closed) this.#schedule();
        });
    });
  }
}
