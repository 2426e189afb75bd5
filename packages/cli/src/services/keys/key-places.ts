import { usbPlatform } from '../usb/usb-platform.ts';
import type { DfuPlace } from '../usb/usb-port.ts';

/** How a device talks to its cloud: DTLS over UDP with P-256 keys, or AES over TCP with RSA keys. */
export type Transport = 'udp' | 'tcp';

export interface KeyPlace extends DfuPlace {
  /** Bytes. */
  readonly size: number;
}

/** Where the keys of a transport lie in a device. */
export interface KeyPlaces {
  /** The device's own private key, DER. */
  readonly own: KeyPlace;
  /** The cloud's public key, DER, and its address. */
  readonly server: KeyPlace;
  /** Where the address begins in `server`. */
  readonly addressOffset: number;
}

/** The device configuration table, as DFU shows it on Gen 2 and later. */
const CONFIGURATION = 1;
const PLACES: Readonly<Record<Transport, KeyPlaces>> = {
  udp: {
    own: { alt: CONFIGURATION, address: 3106, size: 192 },
    server: { alt: CONFIGURATION, address: 3298, size: 320 },
    addressOffset: 192,
  },
  tcp: {
    own: { alt: CONFIGURATION, address: 34, size: 612 },
    server: { alt: CONFIGURATION, address: 2082, size: 512 },
    addressOffset: 384,
  },
};
const CORE_PLACES: KeyPlaces = {
  own: { alt: CONFIGURATION, address: 0x2000, size: 1024 },
  server: { alt: CONFIGURATION, address: 0x1000, size: 2048 },
  addressOffset: 384,
};

/** Where a device of this platform keeps the keys of the transport that it uses, and which that is. */
export function keysOf(platformId: number): KeyPlaces & { readonly transport: Transport } {
  const { transport } = usbPlatform(platformId);
  return { ...(platformId === 0 ? CORE_PLACES : PLACES[transport]), transport };
}

export const ALGORITHMS: Readonly<Record<Transport, 'ecc' | 'rsa'>> = { udp: 'ecc', tcp: 'rsa' };
/** As file names have them. */
export const SHORT_NAMES: Readonly<Record<Transport, 'ec' | 'rsa'>> = { udp: 'ec', tcp: 'rsa' };
/** Where devices go that have no address of a cloud. */
export const DEFAULT_ADDRESSES: Readonly<Record<Transport, { readonly host: string; readonly port: number }>> = {
  udp: { host: '$id.udp.particle.io', port: 5684 },
  tcp: { host: 'device.tcp.particle.io', port: 5683 },
};
