/** How far back the charts of the overview go. */
export type Range = '24h' | '7d' | '30d';

export interface OverviewSearch {
  /** 24 hours when left out. */
  readonly range?: Exclude<Range, '24h'>;
}

/** What the address of a product's overview says. */
export function overviewSearch({ range }: Record<string, unknown>): OverviewSearch {
  return range === '7d' || range === '30d' ? { range } : {};
}
