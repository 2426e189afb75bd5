import { once } from 'node:events';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as startTls } from 'node:tls';
import { seconds } from '@cloudchamber/kernel';
import { errorCode } from './error-code.ts';
import { OutboundError } from './outbound-error.ts';
import type { OutboundTarget } from './outbound-target.ts';

export interface OpenSocketOptions {
  /** Checked, best first. No other address is connected to. */
  readonly addresses: readonly string[];
  /** Whether the server needs a certificate of its name that this machine trusts. */
  readonly rejectUnauthorized: boolean;
  readonly signal: AbortSignal;
}

/** After how long the next address is tried as well. */
const PATIENCE_PER_ADDRESS_MS = seconds(2);
const MOST_ADDRESSES = 8;

/**
 * Connects to one of the given addresses, and for https starts TLS with the name of the target (RFC 6066 section 3; none for an address).
 * @throws OutboundError `unreachable`, `ETIMEDOUT` or `tls`; the signal's reason when it aborts
 */
export async function openSocket(target: OutboundTarget, options: OpenSocketOptions): Promise<Socket> {
  const socket = await openTcp(target, options);
  return target.secure ? openTls(target, socket, options) : socket;
}

async function openTcp({ host, port }: OutboundTarget, { addresses, signal }: OpenSocketOptions): Promise<Socket> {
  const lookup: LookupFunction = (_name, _options, done) => {
    done(
      null,
      addresses.slice(0, MOST_ADDRESSES).map((address) => ({ address, family: isIP(address) })),
    );
  };
  const socket = connect({
    host,
    port,
    lookup,
    noDelay: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: PATIENCE_PER_ADDRESS_MS,
  });
  try {
    return await settled(socket, 'connect', signal);
  } catch (error) {
    signal.throwIfAborted();
    throw connectFailure(host, error);
  }
}

async function openTls(
  { host }: OutboundTarget,
  socket: Socket,
  { rejectUnauthorized, signal }: OpenSocketOptions,
): Promise<Socket> {
  const name = isIP(host) === 0 ? { servername: host } : {};
  const secure = startTls({ socket, host, ...name, rejectUnauthorized, ALPNProtocols: ['http/1.1'] });
  try {
    return await settled(secure, 'secureConnect', signal);
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw tlsFailure(host, error);
  }
}

/** Waits for a socket's event; a socket that fails or is waited for no longer is destroyed. */
async function settled<S extends Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  // `once` takes its own listener away again, and an error that nobody listens to would end the process.
  socket.on('error', () => {});
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function connectFailure(host: string, error: unknown): OutboundError {
  switch (errorCode(error)) {
    case 'ETIMEDOUT':
      return new OutboundError('ETIMEDOUT', `${host} did not accept a connection in time`);
    case 'ECONNREFUSED':
      return new OutboundError('unreachable', `${host} refused the connection; check the port of the URL`);
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return new OutboundError('unreachable', `There is no route to ${host}`);
    default:
      return new OutboundError('unreachable', `${host} could not be connected to`);
  }
}

const UNTRUSTED: ReadonlyMap<unknown, string> = new Map([
  ['CERT_HAS_EXPIRED', 'has expired'],
  ['CERT_NOT_YET_VALID', 'is not valid yet'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'comes from an authority that is not trusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'comes from an authority that is not trusted'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'comes from an authority that is not trusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'comes from an authority that is not trusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'is for another name'],
]);

function tlsFailure(host: string, error: unknown): OutboundError {
  const why = UNTRUSTED.get(errorCode(error));
  if (why === undefined) return new OutboundError('tls', `${host} and this cloud could not agree on a TLS connection`);
  return new OutboundError('tls', `The certificate of ${host} ${why}`);
}
