/** @param ms wall time in ms since 1970 UTC. @returns ISO 8601 in UTC with milliseconds, as all replies have it. */
export function formatTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** @param text an ISO 8601 date or date and time; without an offset it is UTC. @returns ms since 1970 UTC, or undefined when it is not one. */
export function parseTimestamp(text: string): number | undefined {
  const match = ISO_TIME.exec(text);
  if (match === null) return undefined;
  const withZone = match[1] !== undefined && match[4] === undefined ? `${text}Z` : text;
  const ms = Date.parse(withZone);
  return Number.isNaN(ms) ? undefined : ms;
}
