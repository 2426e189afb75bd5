import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Entropy } from '@cloudchamber/kernel';
import { DomainError } from '../domain-error.ts';

const runArgon2 = promisify(argon2);

export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** 19 MiB and two passes, the least that OWASP recommends for argon2id. */
const DEFAULT_COST: PasswordCost = { memoryKib: 19_456, passes: 2, lanes: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;

export interface PasswordHasherOptions {
  readonly cost?: PasswordCost;
  /** How many hashes are computed at once: each takes the memory of `cost` and a thread. */
  readonly concurrency?: number;
  /** How many may wait for that. */
  readonly waiting?: number;
}

/** argon2id (RFC 9106) within bounds of memory: some at once, some waiting, the rest refused. */
export class PasswordHasher {
  readonly #cost: PasswordCost;
  readonly #concurrency: number;
  readonly #waitingLimit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: PasswordHasherOptions = {}) {
    this.#cost = options.cost ?? DEFAULT_COST;
    this.#concurrency = options.concurrency ?? 2;
    this.#waitingLimit = options.waiting ?? 64;
  }

  /**
   * @returns a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$tag`.
   * @throws DomainError `unavailable` when too many wait.
   */
  async hash(password: string, entropy: Entropy): Promise<string> {
    const salt = entropy.bytes(SALT_BYTES);
    const tag = await this.#inTurn(() => derive(password, salt, this.#cost, TAG_BYTES));
    const { memoryKib, passes, lanes } = this.#cost;
    return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(tag)}`;
  }

  /**
   * @param stored what `hash` gave, or undefined for an account that does not exist: the same work is done and the answer is no.
   * @param check runs right before the work starts; what it throws is thrown.
   * @throws DomainError `unavailable` when too many wait.
   */
  async verify(password: string, stored: string | undefined, check: () => void = () => {}): Promise<boolean> {
    const expected = stored === undefined ? undefined : parsePhc(stored);
    const { salt, cost, tag } = expected ?? {
      salt: Buffer.alloc(SALT_BYTES),
      cost: this.#cost,
      tag: Buffer.alloc(TAG_BYTES),
    };
    const actual = await this.#inTurn(() => {
      check();
      return derive(password, salt, cost, tag.length);
    });
    return timingSafeEqual(actual, tag) && expected !== undefined;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#concurrency) {
      if (this.#waiting.length >= this.#waitingLimit) {
        throw new DomainError('unavailable', 'busy', 'Too many people are logging in; try again', {
          retryAfterSeconds: 2,
        });
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      // The place passes to the next one directly, so nobody can slip in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

function derive(password: string, nonce: Buffer, cost: PasswordCost, tagLength: number): Promise<Buffer> {
  return runArgon2('argon2id', {
    message: Buffer.from(password.normalize('NFC')),
    nonce,
    memory: cost.memoryKib,
    passes: cost.passes,
    parallelism: cost.lanes,
    tagLength,
  });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parsePhc(text: string): { salt: Buffer; cost: PasswordCost; tag: Buffer } {
  const [, memoryKib, passes, lanes, salt, tag] = PHC.exec(text) ?? [];
  if (salt === undefined || tag === undefined) throw new Error('a stored password is not an argon2id string');
  return {
    salt: Buffer.from(salt, 'base64'),
    cost: { memoryKib: Number(memoryKib), passes: Number(passes), lanes: Number(lanes) },
    tag: Buffer.from(tag, 'base64'),
  };
}
