import { BlockList, isIP } from 'node:net';
import { ChamberError } from '@cloudchamber/kernel';
import { isHostName } from './host-name.ts';

interface AllowedName {
  /** `nas.lan`, or `.lan` for all names that end so. */
  readonly name: string;
  readonly port: number | undefined;
}

/** An entry of CHAMBER_OUTBOUND_ALLOW that cannot be used; the message names it. */
function badEntry(entry: string, why: string): ChamberError {
  return new ChamberError('outbound.bad_allow', 'caller', `CHAMBER_OUTBOUND_ALLOW: "${entry}" ${why}`);
}

const SHAPE = 'must be a host name, *.suffix, an address or a network such as 10.0.0.0/8, each with :port or without';

/**
 * What may be reached although it is private: the setting CHAMBER_OUTBOUND_ALLOW. Entries are names (`nas.lan`: whatever addresses it has), `*.lan` (all names
 * below `lan`, not `lan`), addresses and networks (`10.0.0.5`, `fd00::/8`), each with `:port` or for all ports. IPv6 with a port has brackets:
 * `[fd00::/8]:443`. A network must start at its first address, so that a slip doesn't open more than it says.
 */
export class AllowList {
  readonly #names: AllowedName[] = [];
  /** By port; `undefined` for all ports. A list of IPv6 would match IPv4 as well, so each has its own. */
  readonly #networks = {
    ipv4: new Map<number | undefined, BlockList>(),
    ipv6: new Map<number | undefined, BlockList>(),
  };

  /** @throws ChamberError `outbound.bad_allow` that names the entry */
  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry);
  }

  /** Whether a name, in lower-case ASCII, may be reached wherever it leads. */
  allowsName(host: string, port: number): boolean {
    return this.#names.some(
      ({ name, port: only }) =>
        (only === undefined || only === port) && (name.startsWith('.') ? host.endsWith(name) : host === name),
    );
  }

  /** Whether an address may be reached. One of IPv4 written as IPv6 (`::ffff:a.b.c.d`) counts as either. */
  allowsAddress(address: string, port: number): boolean {
    const [plain = ''] = address.split('%');
    const { ipv4, ipv6 } = this.#networks;
    const matches = (networks: typeof ipv4, family: 'ipv4' | 'ipv6'): boolean =>
      [undefined, port].some((key) => networks.get(key)?.check(plain, family));
    if (isIP(plain) === 4) return matches(ipv4, 'ipv4');
    return isIP(plain) === 6 && (matches(ipv6, 'ipv6') || matches(ipv4, 'ipv6'));
  }

  #add(entry: string): void {
    const { place, port } = splitPort(entry);
    const [address = '', length, ...rest] = place.split('/');
    const version = isIP(address);
    if (version === 0) {
      if (length !== undefined) throw badEntry(entry, SHAPE);
      this.#names.push({ name: readName(entry, place), port });
      return;
    }
    const bits = version === 6 ? 128 : 32;
    const kept = length === undefined ? bits : Number(length);
    if (address.includes('%') || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) {
      throw badEntry(entry, SHAPE);
    }
    if (kept > bits) throw badEntry(entry, `has a network of more than ${bits} bits`);
    if (addressBits(address, version).indexOf('1', kept) !== -1) {
      throw badEntry(entry, 'is not the first address of that network');
    }
    const family = version === 6 ? 'ipv6' : 'ipv4';
    const networks = this.#networks[family].get(port) ?? new BlockList();
    networks.addSubnet(address, kept, family);
    this.#networks[family].set(port, networks);
  }
}

function splitPort(entry: string): { readonly place: string; readonly port: number | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry);
  if (bracketed !== null && !(bracketed[1] ?? '').includes(':')) throw badEntry(entry, SHAPE);
  const unbracketed = /^([^:]*):(\d+)$/.exec(entry);
  const [, place = entry, digits] = bracketed ?? unbracketed ?? [];
  if (digits === undefined) return { place, port: undefined };
  const port = Number(digits);
  if (port < 1 || port > 65_535) throw badEntry(entry, 'has a port that is not from 1 to 65535');
  return { place, port };
}

/** @returns a name as `AllowedName` has it */
function readName(entry: string, place: string): string {
  const wide = place.startsWith('*.');
  const text = wide ? place.slice(2) : place;
  const name = URL.parse(`http://${text}`)?.hostname.replace(/\.$/, '') ?? '';
  const simple = !/[\s:/?#@\\%[\]]/.test(text);
  if (!simple || isIP(name) !== 0 || !isHostName(name)) throw badEntry(entry, SHAPE);
  return wide ? `.${name}` : name;
}

/** All bits of an address, as digits. */
function addressBits(address: string, version: number): string {
  const hex = (group: string): string => Number.parseInt(group, 16).toString(2).padStart(16, '0');
  if (version === 4) {
    return address.split('.').reduce((bits, part) => bits + Number(part).toString(2).padStart(8, '0'), '');
  }
  // The URL parser writes the last two groups of IPv6 in hexadecimal even where somebody wrote them as IPv4.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':').map(hex));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array<string>(8 - before.length - after.length).fill('0'.repeat(16));
  return [...before, ...zeros, ...after].join('');
}
