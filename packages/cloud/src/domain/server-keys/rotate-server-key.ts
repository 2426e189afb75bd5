import type { Context } from '../context.ts';
import { requireOperator } from '../devices/index.ts';
import { DomainError } from '../domain-error.ts';
import { type ListedServerKey, listServerKeys } from './list-server-keys.ts';
import type { ServerKeyAlgorithm } from './server-key.ts';
import type { ServerKeyRing } from './server-key-ring.ts';

/**
 * Makes the next key, which devices are given from now on. Those that hold the one before it go on connecting until that is retired.
 * @throws DomainError `operator_only`, `server_key.two_in_use` while an earlier rotation has not ended
 */
export async function rotateServerKey(
  ctx: Context,
  ring: ServerKeyRing,
  algorithm: ServerKeyAlgorithm,
): Promise<ListedServerKey> {
  requireOperator(ctx);
  const keys = (await listServerKeys(ctx)).filter((key) => key.algorithm === algorithm);
  if (keys.filter((key) => key.retiredAt === null).length > 1) throw twoInUse();
  if (!(await ring.add(algorithm, keys.at(-1)?.generation ?? 0))) throw twoInUse();
  const { fingerprint, ...key } = ring.newest(algorithm);
  ctx.log.info({ algorithm, fingerprint }, 'a new server key is in use beside the one before it');
  return { ...key, fingerprint, devices: 0 };
}

function twoInUse(): DomainError {
  const message = 'Two keys are in use already: retire one of them first';
  return new DomainError('conflict', 'server_key.two_in_use', message);
}
