import { BlockList, isIP } from 'node:net';

/** Networks of IPv4 that are nobody's public server: the IANA special-purpose registry (RFC 6890), multicast, and one address of a hosting company. */
const FORBIDDEN_V4 = networks('ipv4', [
  '0.0.0.0/8', // this host, RFC 1122
  '10.0.0.0/8', // private, RFC 1918
  '100.64.0.0/10', // shared by carriers, RFC 6598
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // the host of an Azure machine, as its guests see it
  '169.254.0.0/16', // link-local, RFC 3927, with the metadata servers
  '172.16.0.0/12', // private, RFC 1918
  '192.0.0.0/24', // protocol assignments, RFC 6890
  '192.0.2.0/24', // documentation, RFC 5737
  '192.88.99.0/24', // 6to4 relays, RFC 7526
  '192.168.0.0/16', // private, RFC 1918
  '198.18.0.0/15', // benchmarks, RFC 2544
  '198.51.100.0/24', // documentation, RFC 5737
  '203.0.113.0/24', // documentation, RFC 5737
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
]);

/**
 * All public servers of IPv6 are in here (RFC 4291 section 2.4, the IANA registry). What is outside is loopback, unspecified, IPv4-mapped and
 * -compatible, NAT64 (RFC 6052, RFC 8215), unique local with fd00:ec2::254, link-local, site-local, multicast, or not assigned.
 */
const PUBLIC_V6 = networks('ipv6', ['2000::/3']);

const FORBIDDEN_V6 = networks('ipv6', [
  '2001::/23', // protocol assignments, RFC 2928: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation, RFC 3849
  '2002::/16', // 6to4, RFC 3056: has an IPv4 address inside
  '3ffe::/16', // the 6bone, RFC 3701
  '3fff::/20', // documentation, RFC 9637
]);

/**
 * Whether an address belongs to this machine, its networks, or nobody. What is no address counts as forbidden.
 * @param address as `node:net` writes them, also with a zone (`fe80::1%eth0`)
 */
export function isForbiddenAddress(address: string): boolean {
  const [plain = ''] = address.split('%');
  if (isIP(plain) === 4) return FORBIDDEN_V4.check(plain, 'ipv4');
  if (isIP(plain) === 6) return !PUBLIC_V6.check(plain, 'ipv6') || FORBIDDEN_V6.check(plain, 'ipv6');
  return true;
}

function networks(family: 'ipv4' | 'ipv6', list: readonly string[]): BlockList {
  const block = new BlockList();
  for (const network of list) {
    const [address = '', length] = network.split('/');
    block.addSubnet(address, Number(length), family);
  }
  return block;
}
