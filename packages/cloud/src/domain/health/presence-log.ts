import { type DeviceId, errorMessage } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import type { DeviceWrites } from '../devices/index.ts';
import { addChanges, findPresent, type PresenceChange } from './presence-store.ts';

/** Why a device counts as gone that was online when an earlier process ended, and did not go on with its session. */
const NOT_RESUMED = 'server_restarted';
const DEVICES_PER_STATEMENT = 500;

export interface PresenceLogParts extends Pick<Ambient, 'store' | 'clock' | 'log'> {
  readonly writes: DeviceWrites;
}

/** Notes when devices come and go. Only changes are noted: a session that replaces another is none, nor is a restart through which a session goes on. */
export class PresenceLog {
  readonly #parts: PresenceLogParts;
  readonly #online = new Set<DeviceId>();
  /** What waits for the next write, which takes all of it. */
  #waiting: PresenceChange[] = [];
  #settling: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: PresenceLogParts) {
    this.#parts = parts;
  }

  /** @param at ms UTC */
  came(deviceId: DeviceId, at: number): void {
    if (this.#online.has(deviceId)) return;
    this.#online.add(deviceId);
    this.#note({ deviceId, at, online: true, reason: null });
  }

  /** @param at ms UTC */
  went(deviceId: DeviceId, at: number, reason: string): void {
    if (!this.#online.delete(deviceId)) return;
    this.#note({ deviceId, at, online: false, reason });
  }

  /** Says which devices are still online since an earlier process. Others that were are noted as gone, when they were heard last; nothing waits for that. */
  resumed(deviceIds: readonly DeviceId[]): void {
    const stillOnline: ReadonlySet<string> = new Set(deviceIds);
    for (const id of deviceIds) this.#online.add(id);
    this.#settling = this.#settle(stillOnline).catch((error) => {
      this.#parts.log.warn({ error: errorMessage(error) }, 'devices that are gone since a restart were not noted');
    });
  }

  /** Resolves when nothing is being looked up any more; what was noted is in the `DeviceWrites`. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#settling;
  }

  #note(change: PresenceChange): void {
    this.#waiting.push(change);
    if (this.#waiting.length > 1) return;
    const { writes, log } = this.#parts;
    // Taken when the write's turn comes, so that everything that came meanwhile is stored along.
    let taken: readonly PresenceChange[] | undefined;
    const write = writes.run((db) => {
      if (taken === undefined) {
        taken = this.#waiting;
        this.#waiting = [];
      }
      return addChanges(db, taken);
    });
    write.catch((error) => {
      // Whatever still waits has nobody who would take it.
      if (taken === undefined) this.#waiting = [];
      log.warn({ error: errorMessage(error) }, 'comings and goings of devices were not stored');
    });
  }

  async #settle(stillOnline: ReadonlySet<string>): Promise<void> {
    const { store, clock, writes } = this.#parts;
    const now = clock.now();
    for (let after = ''; !this.#closed; ) {
      const { present, last } = await findPresent(store.db, now, after, DEVICES_PER_STATEMENT);
      const gone = present
        .filter(({ id }) => !stillOnline.has(id))
        .map(({ id, since, lastHeard }) => {
          const at = Math.max(since + 1, Math.min(now, lastHeard ?? since));
          return { deviceId: id, at, online: false, reason: NOT_RESUMED };
        });
      if (gone.length > 0) await writes.run((db) => addChanges(db, gone));
      if (last === undefined) return;
      after = last;
    }
  }
}
