import { DtlsLink } from './dtls-link.ts';
import type { Link, LinkEvents } from './link.ts';
import type { DeviceProfile } from './profiles/index.ts';
import { TcpLink } from './tcp-link.ts';
import type { TcpDeviceOptions, VirtualDeviceOptions } from './virtual-device-options.ts';

/** Opens a socket. @returns what makes the link over it, once @throws the socket's error */
export async function openLink(
  options: VirtualDeviceOptions | TcpDeviceOptions,
  profile: DeviceProfile,
): Promise<(events: LinkEvents) => Link> {
  const { deviceId, serverSpki, entropy } = options;
  const { maxMessageSize } = profile;
  const shared = { deviceId, serverSpki, entropy, maxMessageSize };
  if ('openStream' in options) {
    const { identity } = options;
    const stream = await options.openStream();
    return (events) => new TcpLink({ ...shared, identity, stream, ...events });
  }
  const { identity, server } = options;
  const { connectionId: offerCid, movedRecordType } = profile;
  const socket = await options.openSocket();
  return (events) => new DtlsLink({ ...shared, identity, server, socket, offerCid, movedRecordType, ...events });
}
