import type {
  CommitWitness,
  HelloFacts,
  ProgressSource,
  SessionProgress,
  SessionVault,
  StoredSession,
  VaultEntry,
} from '@cloudchamber/gateway';
import { type Clock, milliseconds } from '@cloudchamber/kernel';

/** How long a commit takes. */
const COMMIT_MS = milliseconds(3);

interface Joining {
  readonly witness?: CommitWitness | undefined;
  /** Makes it durable. */
  readonly keep?: () => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * A disk in memory: what is noted or appended becomes durable with the next commit, and a new life begins with what the last one has made durable. Commits follow one
 * another as in the real store, so a test can end the process in the middle of one.
 */
export class MemoryVault implements SessionVault {
  /** What survives, by the number of the session. */
  readonly durable: Map<number, StoredSession>;
  /** The disk refuses every commit. */
  failing = false;
  readonly #clock: Clock;
  readonly #ids = new WeakMap<StoredSession, number>();
  readonly #noted = new Map<number, ProgressSource>();
  #joining: Joining[] = [];
  #running = false;
  #nextId: number;

  constructor(clock: Clock, durable: ReadonlyMap<number, StoredSession> = new Map()) {
    this.#clock = clock;
    this.durable = new Map(durable);
    this.#nextId = Math.max(0, ...durable.keys()) + 1;
  }

  load(): StoredSession[] {
    const newest = new Map<string, StoredSession>();
    for (const [id, session] of this.durable) {
      this.#ids.set(session, id);
      newest.set(session.deviceId, session);
    }
    return [...newest.values()];
  }

  async save(session: StoredSession, source: ProgressSource): Promise<VaultEntry> {
    const id = this.#nextId++;
    await this.#join({ keep: () => this.durable.set(id, session) });
    return this.#entry(id, source);
  }

  adopt(session: StoredSession, source: ProgressSource): VaultEntry {
    const id = this.#ids.get(session);
    if (id === undefined) throw new Error('not a session of this vault');
    return this.#entry(id, source);
  }

  settled(): Promise<void> {
    return this.#join({});
  }

  /** An event joins the next commit, as `PublishedEvent.witness` asks for. */
  append(witness?: CommitWitness, keep?: () => void): Promise<void> {
    return this.#join({ witness, ...(keep && { keep }) });
  }

  #entry(id: number, source: ProgressSource): VaultEntry {
    return {
      note: () => void this.#noted.set(id, source),
      greeted: (hello: HelloFacts) =>
        this.#join({
          keep: () => {
            const session = this.durable.get(id);
            if (session) this.durable.set(id, { ...session, hello });
          },
        }),
      remove: () => {
        this.#noted.delete(id);
        this.durable.delete(id);
      },
    };
  }

  #join(joining: Pick<Joining, 'witness' | 'keep'>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#joining.push({ ...joining, resolve, reject });
      if (!this.#running) this.#begin();
    });
  }

  #begin(): void {
    const joined = this.#joining;
    this.#joining = [];
    this.#running = joined.length > 0;
    if (!this.#running) return;
    for (const { witness } of joined) witness?.entering();
    const marks = [...this.#noted].map(([id, source]) => ({ id, source, progress: source.progress() }));
    this.#noted.clear();
    this.#clock.after(COMMIT_MS, () => {
      if (this.failing) this.#refuse(joined, marks);
      else this.#keep(joined, marks);
      this.#begin();
    });
  }

  #keep(joined: readonly Joining[], marks: readonly Mark[]): void {
    for (const { keep } of joined) keep?.();
    for (const { id, source, progress } of marks) {
      const session = this.durable.get(id);
      if (session) this.durable.set(id, { ...session, progress });
      source.stored(progress);
    }
    for (const { resolve } of joined) resolve();
  }

  #refuse(joined: readonly Joining[], marks: readonly Mark[]): void {
    for (const { id, source } of marks) this.#noted.set(id, source);
    for (const { witness, reject } of joined) {
      witness?.failed();
      reject(new Error('the disk is full'));
    }
  }
}

interface Mark {
  readonly id: number;
  readonly source: ProgressSource;
  readonly progress: SessionProgress;
}
