import { ByteWriter } from '@cloudchamber/kernel';
import { WireError } from '../wire-error.ts';
import { WireReader } from '../wire-reader.ts';

/** Where a device finds its cloud. */
export interface ServerAddress {
  /** An IPv4 address, or a host name of up to 63 characters, in which `$id` stands for the device: its id, `.v`, and the major version of its Device OS. */
  readonly host: string;
  readonly port: number;
}

/** Bytes of the record that a device keeps its cloud's address in (protocol section 1.11). */
export const SERVER_ADDRESS_LENGTH = 128;

const AddressType = { IP: 0, DOMAIN: 1, UNSET: 0xff } as const;
const VALUE_LENGTH = 64;
const MAX_DOMAIN = 63;
/** What flash reads as when nothing was written to it. */
const ERASED = 0xff;
const CLAUSE = 'protocol section 1.11';
const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const LABEL = /^(?!-)[A-Za-z0-9_$-]{1,63}(?<!-)$/;

/**
 * The record of 128 bytes: type, length, value in 64 bytes, port.
 * @throws WireError `too_large` for a name of more than 63 characters, `malformed` for what is no IPv4 address or name, and for a port outside 1 to 65535
 */
export function encodeServerAddress({ host, port }: ServerAddress): Buffer {
  if (!Number.isInteger(port) || port < 1 || port > 0xffff) throw malformed(`port ${port}`);
  const isIp = IPV4.test(host);
  const value = isIp ? Uint8Array.from(host.split('.').map(Number)) : domainBytes(host);
  return new ByteWriter(SERVER_ADDRESS_LENGTH)
    .u8(isIp ? AddressType.IP : AddressType.DOMAIN)
    .u8(value.length)
    .bytes(value)
    .bytes(erased(VALUE_LENGTH - value.length))
    .u16(port)
    .bytes(erased(SERVER_ADDRESS_LENGTH - VALUE_LENGTH - 4))
    .finish();
}

/**
 * The address in a record, or undefined when none was ever written: the device then uses its default.
 * @throws WireError `truncated`, or `malformed` for a type, length or name that no device takes
 */
export function decodeServerAddress(record: Uint8Array): ServerAddress | undefined {
  const reader = new WireReader(record, CLAUSE);
  const type = reader.u8();
  const length = reader.u8();
  const value = reader.bytes(VALUE_LENGTH);
  const port = reader.u16();
  if (type === AddressType.UNSET) return undefined;
  if (type === AddressType.IP) {
    if (length !== 4) throw malformed(`an IP address of ${length} bytes`);
    return { host: value.subarray(0, 4).join('.'), port };
  }
  if (type !== AddressType.DOMAIN) throw malformed(`address type ${type}`);
  if (length > MAX_DOMAIN) throw malformed(`a name of ${length} bytes`);
  const host = Buffer.from(value.subarray(0, length)).toString('latin1');
  domainBytes(host);
  return { host, port };
}

/** Whether a device can hold this host name or IPv4 address as its server; at most one `$id` stands for itself. */
export function isServerHost(host: string): boolean {
  return IPV4.test(host) || isDomain(host);
}

function domainBytes(host: string): Uint8Array {
  if (host.length > MAX_DOMAIN) throw new WireError('too_large', `a name of ${host.length} characters`, CLAUSE);
  if (!isDomain(host)) throw malformed(`"${host}" is neither a host name nor an IPv4 address`);
  return Buffer.from(host, 'latin1');
}

function isDomain(host: string): boolean {
  if (host.length > MAX_DOMAIN || !/^[^$]*(\$id[^$]*)?$/.test(host)) return false;
  const labels = host.split('.');
  // A last label of digits alone is a mistyped address, never a name (RFC 1123 section 2.1).
  if (/^\d+$/.test(labels.at(-1) ?? '')) return false;
  return labels.every((label) => LABEL.test(label));
}

function erased(length: number): Buffer {
  return Buffer.alloc(length, ERASED);
}

function malformed(message: string): WireError {
  return new WireError('malformed', message, CLAUSE);
}
