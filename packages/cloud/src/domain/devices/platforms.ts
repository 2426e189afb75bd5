/** Platforms with a modem; the API shows SIM fields for these only. */
const CELLULAR = new Set([10, 13, 23, 25, 26, 28, 35, 37, 42]);

/** Is it hardware with a cellular modem? By platform id, as in Hello. */
export function isCellular(platformId: number): boolean {
  return CELLULAR.has(platformId);
}

/**
 * A system module version as people write it: 6200 is 6.2.0. Undefined for versions before 3.0, which were numbered without such a rule.
 */
export function formatSystemVersion(version: number): string | undefined {
  if (version < 3000 || version > 99_999) return undefined;
  return `${Math.floor(version / 1000)}.${Math.floor(version / 100) % 10}.${version % 100}`;
}
