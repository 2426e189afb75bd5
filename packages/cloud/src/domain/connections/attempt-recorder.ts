import type { ConnectionOutcome } from '@cloudchamber/gateway';
import { errorMessage, minutes, seconds, type Timer } from '@cloudchamber/kernel';
import type { Insertable } from 'kysely';
import type { ConnectionAttemptRow } from '../../store/tables/connection-attempts.ts';
import type { Ambient } from '../context.ts';
import { keyFingerprint } from '../server-keys/index.ts';
import { approvableKey, attemptOutcome, plainAddress } from './attempt.ts';
import { AttemptLimits } from './attempt-limits.ts';
import { deleteUpTo, largestId, saveAttempts, trimDevices } from './attempt-store.ts';

/** The same outcome within this time is one attempt with a count. */
const SAME_WITHIN = minutes(1);
const EVERY = seconds(1);
/** Attempts that are written in a second; as many more may wait as `MOST_WAITING` says. */
const PER_ROUND = 1000;
const PER_STATEMENT = 250;
const MOST_WAITING = 20_000;
/** Attempts of the last minute that are remembered, to count what happens again. */
const MOST_RECENT = 20_000;
/** Of a device: so many that came in, and so many that did not. Neither can push out the others. */
const MOST_OF_DEVICE = 25;
const MOST_IN_ALL = 100_000;

interface Recent {
  readonly row: Insertable<ConnectionAttemptRow>;
  /** Monotonic ms. */
  readonly since: number;
}

/** Attempts that were not kept. */
export interface LeftOut {
  /** When this process began to count, ms UTC. */
  readonly since: number;
  readonly count: number;
}

/**
 * Keeps how devices tried to connect, a second later and in batches, so that no handshake waits for it. What fails often is left out and counted: anybody can fail to
 * connect. A process that is killed loses the attempts of its last second.
 */
export class AttemptRecorder {
  readonly #ctx: Pick<Ambient, 'store' | 'clock' | 'log'>;
  readonly #mostInAll: number;
  readonly #startedAt: number;
  readonly #limits = new AttemptLimits();
  /** By what makes two attempts the same; the oldest first. */
  readonly #recent = new Map<string, Recent>();
  readonly #waiting = new Set<Recent>();
  #newestId: number;
  #leftOut = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  private constructor(ctx: Pick<Ambient, 'store' | 'clock' | 'log'>, newestId: number, mostInAll: number) {
    this.#ctx = ctx;
    this.#mostInAll = mostInAll;
    this.#newestId = newestId;
    this.#startedAt = ctx.clock.now();
  }

  /** @param mostInAll the most attempts that are kept of all devices */
  static async open(
    ctx: Pick<Ambient, 'store' | 'clock' | 'log'>,
    mostInAll: number = MOST_IN_ALL,
  ): Promise<AttemptRecorder> {
    return new AttemptRecorder(ctx, await largestId(ctx.store.db), mostInAll);
  }

  /** Attempts that were not kept since the process began: too many from one address or in all, or the store refused them. */
  get leftOut(): LeftOut {
    return { since: this.#startedAt, count: this.#leftOut };
  }

  /** What is held in memory. */
  get held(): number {
    return new Set([...this.#recent.values(), ...this.#waiting]).size;
  }

  /** Takes in how an attempt ended. Returns at once and never throws. */
  note(ended: ConnectionOutcome): void {
    const now = this.#ctx.clock.monotonic();
    const address = plainAddress(ended.address);
    const fingerprint = ended.publicKey === undefined ? null : keyFingerprint(ended.publicKey);
    const { transport, stage, reason = null, deviceId = null } = ended;
    const key = `${deviceId} ${address} ${transport} ${stage} ${reason} ${fingerprint}`;
    const known = this.#recent.get(key);
    if (known !== undefined && now - known.since < SAME_WITHIN) {
      Object.assign(known.row, { count: known.row.count + 1, last_at: ended.at, port: ended.port });
      return this.#enqueue(known);
    }
    const outcome = attemptOutcome(ended);
    const isIn = reason === null;
    if (this.#waiting.size >= MOST_WAITING || (!isIn && !this.#limits.take(address, now))) {
      this.#leftOut++;
      return;
    }
    const row = {
      id: ++this.#newestId,
      device_id: deviceId,
      transport,
      address,
      port: ended.port,
      stage,
      outcome,
      reason,
      key_fingerprint: fingerprint,
      public_key: approvableKey(ended) ?? null,
      count: 1,
      first_at: ended.at,
      last_at: ended.at,
    };
    const recent = { row, since: now };
    this.#remember(key, recent, now);
    this.#enqueue(recent);
  }

  /** Writes what waits now. Resolves when that was tried. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Writes what is left. Call it after the gateway has stopped and before the store closes. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    while (this.#waiting.size > 0) await this.flush();
    await this.#writing;
  }

  #remember(key: string, recent: Recent, now: number): void {
    this.#recent.delete(key);
    this.#recent.set(key, recent);
    for (const [oldest, { since }] of this.#recent) {
      if (this.#recent.size <= MOST_RECENT && now - since < SAME_WITHIN) return;
      this.#recent.delete(oldest);
    }
  }

  #enqueue(recent: Recent): void {
    this.#waiting.add(recent);
    this.#timer ??= this.#ctx.clock.after(EVERY, () => {
      void this.flush().then(() => {
        this.#timer = undefined;
        const [next] = this.#waiting;
        if (next !== undefined) this.#enqueue(next);
      });
    });
  }

  async #write(): Promise<void> {
    const round = [...this.#waiting].slice(0, PER_ROUND);
    for (const one of round) this.#waiting.delete(one);
    for (let at = 0; at < round.length; at += PER_STATEMENT) {
      const rows = round.slice(at, at + PER_STATEMENT).map(({ row }) => ({ ...row }));
      try {
        await this.#save(rows);
      } catch (error) {
        this.#leftOut += rows.length;
        this.#ctx.log.warn(
          { attempts: rows.length, error: errorMessage(error) },
          'attempts to connect were not stored',
        );
      }
    }
  }

  async #save(rows: readonly Insertable<ConnectionAttemptRow>[]): Promise<void> {
    const { db } = this.#ctx.store;
    const devices = new Set(rows.flatMap((row) => row.device_id ?? []));
    await db.transaction().execute(async (trx) => {
      await saveAttempts(trx, rows);
      if (devices.size > 0) await trimDevices(trx, [...devices], MOST_OF_DEVICE);
      await deleteUpTo(trx, this.#newestId - this.#mostInAll);
    });
  }
}
