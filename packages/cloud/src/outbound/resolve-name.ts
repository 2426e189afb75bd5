import { promises as dns } from 'node:dns';
import { seconds } from '@cloudchamber/kernel';
import { errorCode } from './error-code.ts';
import { Slots } from './slots.ts';

/**
 * Finds the addresses of a host name, IPv4 and IPv6, best first; none when there is no such name. May be slow: who asks stops waiting by the signal.
 * @throws anything when nobody could be asked
 */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

export interface ResolverOptions {
  /** Name servers, `address:port`, instead of this machine's. */
  readonly servers?: readonly string[];
  /** What asks the operating system. */
  readonly askSystem?: (name: string) => Promise<readonly string[]>;
}

const PATIENCE = { timeout: seconds(2), tries: 2 };
/** The operating system is asked in a thread of which the process has four. */
const SYSTEM_QUESTIONS = { perKey: 1, total: 2, mostWaiting: 256 };

/**
 * Asks the name servers, and the operating system for what those don't know: its hosts file, search domains, mDNS. Not the system at once, because a
 * name server that somebody made slow would occupy threads that the whole process needs.
 */
export function createResolver({ servers, askSystem = lookUp }: ResolverOptions = {}): ResolveName {
  const slots = new Slots(SYSTEM_QUESTIONS);
  return async (name, signal) => {
    const found = await askNameServers(name, signal, servers);
    if (found.length > 0) return found;
    const giveBack = await slots.take(name, signal);
    try {
      return await askSystem(name);
    } finally {
      giveBack();
    }
  };
}

async function askNameServers(name: string, signal: AbortSignal, servers?: readonly string[]): Promise<string[]> {
  const resolver = new dns.Resolver(PATIENCE);
  if (servers !== undefined) resolver.setServers(servers);
  const stop = (): void => resolver.cancel();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    signal.throwIfAborted();
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const silent = answers.find((answer) => answer.status === 'rejected' && errorCode(answer.reason) === dns.TIMEOUT);
    if (found.length === 0 && silent?.status === 'rejected') throw silent.reason;
    return found;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function lookUp(name: string): Promise<readonly string[]> {
  try {
    const found = await dns.lookup(name, { all: true });
    return found.map(({ address }) => address);
  } catch (error) {
    if (errorCode(error) === dns.NOTFOUND) return [];
    throw error;
  }
}
