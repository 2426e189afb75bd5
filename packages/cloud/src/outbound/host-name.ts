const MOST_LETTERS = 253;

/** Whether a name in its ASCII form could be in DNS: labels of 1 to 63 letters, digits, `-` and `_`, 253 altogether (RFC 1035 section 2.3.4). */
export function isHostName(name: string): boolean {
  return name.length <= MOST_LETTERS && name.split('.').every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
}
