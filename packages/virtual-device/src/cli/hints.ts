import { CONNECTION_ENDS, type ConnectionEnd } from '../connection-end.ts';
import type { ServerAddress } from '../datagram-socket.ts';

/** What went wrong and what to do about it, in a line or two for whoever started the fleet. */
export function hintFor(end: ConnectionEnd, { address, port }: ServerAddress): string {
  const { explanation } = CONNECTION_ENDS[end];
  const next = nextStep(end, `${address}:${port}`);
  return next === undefined ? explanation : `${explanation}: ${next}`;
}

function nextStep(end: ConnectionEnd, server: string): string | undefined {
  switch (end) {
    case 'refused':
      return 'it does not know the device, or knows it with another key. Started with the token of an account, devices are registered';
    case 'server_unreachable':
      return `is the cloud running, and does UDP get through to ${server}? See --host and --port`;
    case 'wrong_server_key':
      return `pass the public key of the cloud at ${server} as --server-key, or leave that out: its API tells it`;
    case 'no_socket':
      return 'the system allows no more open files. Raise the limit (ulimit -n) or lower --count';
    default:
      return undefined;
  }
}
