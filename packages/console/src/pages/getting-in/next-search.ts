export interface NextSearch {
  /** Where the person wanted to go when a log-in was needed, as it came in the address. */
  readonly next?: string;
}

export function nextSearch(search: Record<string, unknown>): NextSearch {
  return typeof search.next === 'string' ? { next: search.next } : {};
}

const START = '/devices';
/** Stands for the console's own host, which these addresses don't name. */
const HERE = 'https://console.invalid';

/**
 * Where a log-in leads: only to a page of this console, since a link from elsewhere can have any `next` in it (CWE-601).
 * @param next as in the address
 * @returns path, query and fragment; the devices when `next` is none, leads to another host, or back to a log-in
 */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !next.startsWith('/')) return START;
  // Browsers take a backslash for a slash, and leave out tabs and line ends: resolved as they do, it shows where it leads.
  const url = URL.parse(next, HERE);
  if (url === null || url.origin !== HERE) return START;
  if (url.pathname.startsWith('//') || ['/', '/login', '/signup'].includes(url.pathname)) return START;
  return `${url.pathname}${url.search}${url.hash}`;
}
