/**
 * Whom an address stands for where somebody's tries are counted: an IPv4 address as it is, an IPv6 one as its /64, because whoever has one of those
 * addresses has them all (design section 9.8).
 */
export function addressBlock(address: string): string {
  const plain = /^::ffff:\d/i.test(address) ? address.slice(7) : address;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  return [...groups, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4).join(':');
}
