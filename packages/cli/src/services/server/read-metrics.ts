/** A figure of a page for Prometheus, the sum over all its labels or over those that have `labels`; undefined when it is not there. */
export function figureOf(
  page: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  let sum: number | undefined;
  for (const line of page.split('\n')) {
    const parts = /^([A-Za-z_:][\w:]*)(\{.*\})? (\S+)$/.exec(line);
    if (parts?.[1] !== name) continue;
    const shown = parts[2] ?? '';
    if (!Object.entries(labels).every(([label, value]) => shown.includes(`${label}="${value}"`))) continue;
    const value = Number(parts[3]);
    if (Number.isFinite(value)) sum = (sum ?? 0) + value;
  }
  return sum;
}
