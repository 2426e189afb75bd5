import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { ChamberError, type Clock, type Entropy } from '@cloudchamber/kernel';
import { generateP256, loadP256, loadRsa, type PrivateKeyP256, type PrivateKeyRsa } from '@cloudchamber/wire';
import type { SecretBox, Store } from '../../store/index.ts';
import type { ServerKeyRow } from '../../store/tables/server-keys.ts';
import { SERVER_KEY_ALGORITHMS, type ServerKey, type ServerKeyAlgorithm, serverKeyOf } from './server-key.ts';
import { countHolders, findServerKeys, insertServerKey } from './server-key-store.ts';

export interface ServerKeyContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly secrets: SecretBox;
}

type OneOrMore<Key> = readonly [Key, ...Key[]];

interface LoadedKeys {
  readonly ec: OneOrMore<PrivateKeyP256>;
  readonly rsa: OneOrMore<PrivateKeyRsa>;
  readonly newest: ReadonlyMap<ServerKeyAlgorithm, ServerKey>;
}

const makeKeyPair = promisify(generateKeyPair);

/**
 * The cloud's long-term keys as this process uses them (CON-01, CON-03): of each algorithm one, or two while devices are moved from one to the next. Devices
 * hold the public half, so a key is in use until it is retired, whatever follows it.
 */
export class ServerKeyRing {
  readonly #ctx: ServerKeyContext;
  readonly #listeners = new Set<() => void>();
  #keys: LoadedKeys;

  private constructor(ctx: ServerKeyContext, keys: LoadedKeys) {
    this.#ctx = ctx;
    this.#keys = keys;
  }

  /**
   * Makes the first key of each algorithm at the first start; processes that start at once agree on one.
   * @throws ChamberError `secret.unreadable` when the keys were sealed under another CHAMBER_SECRET or key file.
   */
  static async open(ctx: ServerKeyContext): Promise<ServerKeyRing> {
    const known = new Set((await findServerKeys(ctx.store.db)).map((row) => row.algorithm));
    for (const algorithm of SERVER_KEY_ALGORITHMS) {
      if (!known.has(algorithm)) await addServerKey(ctx, algorithm, 1);
    }
    return new ServerKeyRing(ctx, await loadKeys(ctx));
  }

  /** The P-256 keys that handshakes over UDP are made with, the one that most devices hold first. */
  get ec(): OneOrMore<PrivateKeyP256> {
    return this.#keys.ec;
  }

  /** The RSA-2048 keys that handshakes over TCP are made with, in the same order. */
  get rsa(): OneOrMore<PrivateKeyRsa> {
    return this.#keys.rsa;
  }

  /** The key that a device should be given from now on. */
  newest(algorithm: ServerKeyAlgorithm): ServerKey {
    const key = this.#keys.newest.get(algorithm);
    if (key === undefined) throw noneInUse(algorithm);
    return key;
  }

  /** Adds a key of the algorithm after generation `after`. @returns false when another process was faster */
  async add(algorithm: ServerKeyAlgorithm, after: number): Promise<boolean> {
    const added = await addServerKey(this.#ctx, algorithm, after + 1);
    await this.reload();
    return added;
  }

  /** Takes up what is in the store now, and tells those who listen. */
  async reload(): Promise<void> {
    this.#keys = await loadKeys(this.#ctx);
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` whenever the keys may have changed. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }
}

async function loadKeys({ store, secrets }: ServerKeyContext): Promise<LoadedKeys> {
  const rows = (await findServerKeys(store.db)).filter((row) => row.retired_at === null);
  const holders = await countHolders(store.db);
  const held = (row: ServerKeyRow): number => holders.get(serverKeyOf(row).fingerprint) ?? 0;
  const ordered = rows.toSorted((one, other) => held(other) - held(one) || one.generation - other.generation);
  const pem = (row: ServerKeyRow): string =>
    Buffer.from(secrets.open(row.sealed_private_key, contextOf(row.id))).toString('utf8');
  const load = <Key>(algorithm: ServerKeyAlgorithm, read: (pem: string) => Key): OneOrMore<Key> => {
    const [first, ...others] = ordered.filter((row) => row.algorithm === algorithm).map((row) => read(pem(row)));
    if (first === undefined) throw noneInUse(algorithm);
    return [first, ...others];
  };
  return {
    ec: load('ec-p256', loadP256),
    rsa: load('rsa-2048', (text) => loadRsa(text, 2048)),
    newest: new Map(rows.map((row) => [serverKeyOf(row).algorithm, serverKeyOf(row)])),
  };
}

/** @returns false when there is a key of that generation already. */
async function addServerKey(
  ctx: ServerKeyContext,
  algorithm: ServerKeyAlgorithm,
  generation: number,
): Promise<boolean> {
  const key = algorithm === 'ec-p256' ? generateP256() : await makeRsa();
  const id = ctx.entropy.bytes(12).toString('hex');
  return insertServerKey(ctx.store.db, {
    id,
    algorithm,
    generation,
    public_key: key.spki,
    sealed_private_key: ctx.secrets.seal(Buffer.from(key.pem), contextOf(id)),
    created_at: ctx.clock.now(),
    retired_at: null,
  });
}

/** In a thread of the system: a quarter of a second in which devices must be served. */
async function makeRsa(): Promise<PrivateKeyRsa> {
  const { privateKey } = await makeKeyPair('rsa', { modulusLength: 2048, publicExponent: 65_537 });
  return loadRsa(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 2048);
}

function noneInUse(algorithm: ServerKeyAlgorithm): ChamberError {
  return new ChamberError('server_key.none', 'internal', `no ${algorithm} key is in use`);
}

function contextOf(id: string): string {
  return `server-key:${id}`;
}
