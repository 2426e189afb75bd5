import type { Clock, Entropy } from '@cloudchamber/kernel';
import { generateP256, loadP256, type PrivateKeyP256 } from '@cloudchamber/wire';
import type { SecretBox, Store } from '../../store/index.ts';
import { findServerKey, insertServerKey } from './server-key-store.ts';

const ALGORITHM = 'ec-p256';

interface ServerKeyContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly secrets: SecretBox;
}

/**
 * The cloud's P-256 key for DTLS (CON-01), made at the first start and the same ever after: devices hold its public half. Processes that start at once
 * agree on one key.
 * @throws ChamberError `secret.unreadable` when the key was sealed under another CHAMBER_SECRET or key file.
 */
export async function ensureServerKey(ctx: ServerKeyContext): Promise<PrivateKeyP256> {
  const existing = await readServerKey(ctx);
  if (existing !== undefined) return existing;
  const key = generateP256();
  const id = ctx.entropy.bytes(12).toString('hex');
  await insertServerKey(ctx.store.db, {
    id,
    algorithm: ALGORITHM,
    public_key: key.spki,
    sealed_private_key: ctx.secrets.seal(Buffer.from(key.pem), contextOf(id)),
    created_at: ctx.clock.now(),
  });
  return (await readServerKey(ctx)) ?? key;
}

async function readServerKey(ctx: ServerKeyContext): Promise<PrivateKeyP256 | undefined> {
  const row = await findServerKey(ctx.store.db, ALGORITHM);
  if (row === undefined) return undefined;
  return loadP256(Buffer.from(ctx.secrets.open(row.sealed_private_key, contextOf(row.id))).toString('utf8'));
}

function contextOf(id: string): string {
  return `server-key:${id}`;
}
