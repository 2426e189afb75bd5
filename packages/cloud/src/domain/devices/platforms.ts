/**
 * A system module version as people write it: 6200 is 6.2.0. Undefined for versions before 3.0, which were numbered without such a rule.
 */
export function formatSystemVersion(version: number): string | undefined {
  if (version < 3000 || version > 99_999) return undefined;
  return `${Math.floor(version / 1000)}.${Math.floor(version / 100) % 10}.${version % 100}`;
}
