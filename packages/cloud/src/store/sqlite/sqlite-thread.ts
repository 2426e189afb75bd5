import { Worker } from 'node:worker_threads';
import type { Clock, Timer } from '@cloudchamber/kernel';
import { ChamberError, errorMessage, seconds } from '@cloudchamber/kernel';
import type { Job, JobResult, Reply, Request, RequestMode } from './sqlite-messages.ts';

/** A transaction that runs no statement for this long is rolled back: whatever waits behind it must not wait for ever. */
const TRANSACTION_IDLE_LIMIT = seconds(10);
const WORKER_SCRIPT = new URL('./sqlite-worker.ts', import.meta.url);

/** Jobs per request, so that one request never keeps its neighbours waiting for long. */
const JOBS_PER_REQUEST = 500;

interface WaitingJob {
  readonly kind: 'job';
  readonly job: Job;
  resolve(result: JobResult): void;
  reject(error: Error): void;
}

interface WaitingLease {
  readonly kind: 'lease';
  resolve(lease: SqliteLease): void;
  reject(error: Error): void;
}

/** The connection for one caller alone, from its turn until `release`: an interactive transaction. */
export interface SqliteLease {
  /** @throws ChamberError `store.transaction_expired` after it was idle for ten seconds, `store.unavailable`. */
  run(job: Job): Promise<JobResult>;
  release(): void;
}

interface ActiveLease {
  readonly queue: WaitingJob[];
  idle: Timer | undefined;
  expired: boolean;
}

export interface SqliteThreadOptions {
  readonly path: string;
  readonly clock: Clock;
  /** Changes nothing; for a file that is in WAL mode already. */
  readonly readOnly?: boolean;
  /** The worker's script; only tests name another. */
  readonly script?: URL;
  /** The worker died; nothing works any more. */
  onFailure(error: ChamberError): void;
}

/**
 * The main thread's side of the SQLite worker. Jobs and leases are served strictly in the order in which they came; jobs that wait together
 * travel in one message and, when they write, share one commit.
 */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #onFailure: (error: ChamberError) => void;
  readonly #exited: Promise<void>;
  #queue: (WaitingJob | WaitingLease)[] = [];
  #underWay: readonly WaitingJob[] = [];
  #lease: ActiveLease | undefined;
  #scheduled = false;
  #closing: Promise<void> | undefined;
  #failure: ChamberError | undefined;
  #cause: unknown;

  private constructor(worker: Worker, options: SqliteThreadOptions) {
    this.#worker = worker;
    this.#clock = options.clock;
    this.#onFailure = options.onFailure;
    worker.on('message', (reply: Reply) => this.#settle(reply));
    worker.on('error', (error) => {
      this.#cause = error;
    });
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#fail();
        resolve();
      });
    });
  }

  /** @throws ChamberError `store.unavailable` when the file cannot be opened. */
  static async open(options: SqliteThreadOptions): Promise<SqliteThread> {
    const worker = new Worker(options.script ?? WORKER_SCRIPT, {
      workerData: { path: options.path, readOnly: options.readOnly },
    });
    const reply = await firstReply(worker);
    if (reply.kind === 'opened') return new SqliteThread(worker, options);
    await worker.terminate();
    const reason = reply.kind === 'not_opened' ? reply.message : 'the worker did not start';
    throw new ChamberError('store.unavailable', 'internal', `SQLite cannot open ${options.path}: ${reason}`);
  }

  /** Runs a job when its turn comes. */
  run(job: Job): Promise<JobResult> {
    return new Promise((resolve, reject) => this.#enqueue({ kind: 'job', job, resolve, reject }));
  }

  /** Waits for its turn, then holds everybody else back until the lease is released. */
  lease(): Promise<SqliteLease> {
    return new Promise((resolve, reject) => this.#enqueue({ kind: 'lease', resolve, reject }));
  }

  /** Lets what waits finish, then closes the file and ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#failure === undefined) {
      const lease = this.lease();
      await lease.then(
        () => this.#worker.postMessage({ kind: 'close' } satisfies Request),
        () => undefined,
      );
    }
    await this.#exited;
  }

  #enqueue(entry: WaitingJob | WaitingLease): void {
    // The lease that `#close` asks for comes before `#closing` is set.
    const refusal = this.#failure ?? (this.#closing === undefined ? undefined : unavailable('the store is closed'));
    if (refusal !== undefined) {
      entry.reject(refusal);
      return;
    }
    this.#queue.push(entry);
    this.#schedule();
  }

  /** Sends at the end of the turn, so that what is asked together travels together. */
  #schedule(): void {
    if (this.#scheduled || this.#underWay.length > 0) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    if (this.#underWay.length > 0 || this.#failure !== undefined) return;
    if (this.#lease !== undefined) {
      const jobs = this.#lease.queue.splice(0, JOBS_PER_REQUEST);
      if (jobs.length > 0) this.#post(jobs, 'leased');
      return;
    }
    const head = this.#queue[0];
    if (head === undefined) return;
    if (head.kind === 'lease') {
      this.#queue.shift();
      this.#grant(head);
      return;
    }
    const group = takeGroup(this.#queue);
    this.#queue = this.#queue.slice(group.length);
    this.#post(group, 'grouped');
  }

  #post(jobs: readonly WaitingJob[], mode: RequestMode): void {
    this.#underWay = jobs;
    const transfer = jobs.flatMap(({ job }) =>
      job.kind === 'append' ? [job.events.numbers.buffer, job.events.data.buffer] : [],
    );
    const request: Request = { kind: 'jobs', mode, jobs: jobs.map(({ job }) => job) };
    try {
      this.#worker.postMessage(request, transfer);
    } catch (error) {
      // A parameter that cannot be cloned. Each job is told; none was sent.
      this.#underWay = [];
      const refusal = new ChamberError('store.bad_parameter', 'caller', 'a query parameter is no plain value', {
        cause: error,
      });
      for (const job of jobs) job.reject(refusal);
      this.#schedule();
    }
  }

  #settle(reply: Reply): void {
    const settled = this.#underWay;
    this.#underWay = [];
    if (this.#lease !== undefined) this.#watch(this.#lease);
    const results = reply.kind === 'results' ? reply.results : [];
    for (const [index, waiting] of settled.entries()) settle(waiting, results[index]);
    this.#schedule();
  }

  #grant(waiting: WaitingLease): void {
    const active: ActiveLease = { queue: [], idle: undefined, expired: false };
    this.#lease = active;
    this.#watch(active);
    waiting.resolve({
      run: (job) =>
        new Promise((resolve, reject) => {
          const refusal = this.#failure ?? (active.expired ? expired() : undefined);
          if (refusal !== undefined) {
            reject(refusal);
            return;
          }
          active.idle?.cancel();
          active.queue.push({ kind: 'job', job, resolve, reject });
          this.#schedule();
        }),
      release: () => this.#release(active),
    });
  }

  #release(active: ActiveLease): void {
    active.idle?.cancel();
    active.expired = true;
    if (this.#lease !== active) return;
    this.#lease = undefined;
    this.#schedule();
  }

  #watch(active: ActiveLease): void {
    active.idle?.cancel();
    active.idle = this.#clock.after(TRANSACTION_IDLE_LIMIT, () => this.#expire(active));
  }

  #expire(active: ActiveLease): void {
    if (this.#lease !== active || active.queue.length > 0 || this.#underWay.length > 0) return;
    active.expired = true;
    const release = (): void => this.#release(active);
    const job: Job = { kind: 'query', mode: 'alone', sql: 'rollback', parameters: [] };
    this.#post([{ kind: 'job', job, resolve: release, reject: release }], 'plain');
  }

  #fail(): void {
    const planned = this.#closing !== undefined;
    const reason = planned ? 'the store is closed' : 'the SQLite thread ended unexpectedly';
    this.#failure = unavailable(reason, this.#cause);
    const leased = this.#lease?.queue ?? [];
    this.#lease?.idle?.cancel();
    for (const waiting of [...this.#underWay, ...leased, ...this.#queue]) waiting.reject(this.#failure);
    this.#underWay = [];
    this.#queue = [];
    this.#lease = undefined;
    if (!planned) this.#onFailure(this.#failure);
  }
}

/** What the worker says of its start; its death is an answer too. */
function firstReply(worker: Worker): Promise<Reply> {
  return new Promise((resolve) => {
    const end = (reply: Reply): void => {
      worker.off('message', end).off('error', died);
      resolve(reply);
    };
    const died = (error: unknown): void => end({ kind: 'not_opened', message: errorMessage(error) });
    worker.on('message', end).on('error', died);
  });
}

/** The jobs at the head of the queue that may share a transaction; a job that must run alone is a group of one. */
function takeGroup(queue: readonly (WaitingJob | WaitingLease)[]): WaitingJob[] {
  const group: WaitingJob[] = [];
  for (const entry of queue) {
    if (entry.kind === 'lease' || group.length === JOBS_PER_REQUEST) break;
    if (entry.job.kind === 'query' && entry.job.mode === 'alone') {
      if (group.length === 0) group.push(entry);
      break;
    }
    group.push(entry);
  }
  return group;
}

function settle(waiting: WaitingJob, result: JobResult | undefined): void {
  if (result === undefined) waiting.reject(unavailable('the SQLite thread gave no answer'));
  else waiting.resolve(result);
}

function unavailable(reason: string, cause?: unknown): ChamberError {
  return new ChamberError('store.unavailable', 'internal', reason, { cause });
}

function expired(): ChamberError {
  return new ChamberError('store.transaction_expired', 'caller', 'the transaction is over');
}
