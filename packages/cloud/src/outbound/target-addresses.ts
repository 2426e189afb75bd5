import { isIP } from 'node:net';
import type { AllowList } from './allow-list.ts';
import { isForbiddenAddress } from './forbidden-addresses.ts';
import { OutboundError } from './outbound-error.ts';
import type { OutboundTarget } from './outbound-target.ts';
import type { ResolveName } from './resolve-name.ts';

/** What `localhost` and names below it mean everywhere, whatever a name server says (RFC 6761 section 6.3). */
const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * The addresses that a target may be reached at, best first. A name is resolved once, and one forbidden address among its addresses forbids it.
 * @throws OutboundError `forbidden_target`, or `unreachable` when there is no such name
 */
export async function targetAddresses(
  { host, port }: OutboundTarget,
  { allow, resolve, signal }: { allow: AllowList; resolve: ResolveName; signal: AbortSignal },
): Promise<readonly string[]> {
  const addresses = isIP(host) === 0 ? await addressesOf(host, resolve, signal) : [host];
  if (isIP(host) === 0 && allow.allowsName(host, port)) return addresses;
  if (addresses.every((address) => !isForbiddenAddress(address) || allow.allowsAddress(address, port))) {
    return addresses;
  }
  throw new OutboundError(
    'forbidden_target',
    `Requests to ${host} are not allowed: it is in a private or reserved network. Who runs this cloud can allow it with CHAMBER_OUTBOUND_ALLOW`,
  );
}

async function addressesOf(name: string, resolve: ResolveName, signal: AbortSignal): Promise<readonly string[]> {
  if (name === 'localhost' || name.endsWith('.localhost')) return LOOPBACK;
  const addresses = await resolveUntil(name, resolve, signal);
  // What is no address would be a name for the next in line to resolve once more.
  const found = addresses.filter((address) => isIP(address) !== 0);
  if (found.length > 0) return found;
  throw new OutboundError('unreachable', `There is no host named ${name}; check the URL`);
}

async function resolveUntil(name: string, resolve: ResolveName, signal: AbortSignal): Promise<readonly string[]> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([resolve(name, signal), aborted]);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OutboundError) throw error;
    throw new OutboundError('unreachable', `The address of ${name} could not be found; try again later`);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
