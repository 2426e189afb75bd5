/** What each kind counts, in words. */
const WORDS: Readonly<Record<string, string>> = {
  publish: 'Events that devices published',
  subscribe: 'Events that devices received',
  function: 'Functions that were called',
  variable: 'Variables that were read',
  location: 'Locations',
};

interface Count {
  readonly kind?: string | undefined;
  readonly count: number;
}

export interface KindTotal {
  readonly kind: string;
  readonly words: string;
  readonly count: number;
}

/** Adds up counts by kind, the largest first. */
export function monthTotals(counts: readonly Count[]): { readonly total: number; readonly kinds: KindTotal[] } {
  const byKind = new Map<string, number>();
  for (const { kind = '', count } of counts) byKind.set(kind, (byKind.get(kind) ?? 0) + count);
  const kinds = [...byKind]
    .map(([kind, count]) => ({ kind, words: WORDS[kind] ?? kind, count }))
    .toSorted((one, other) => other.count - one.count);
  return { total: kinds.reduce((sum, { count }) => sum + count, 0), kinds };
}
