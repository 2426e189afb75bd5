import type { Output } from '@cloudchamber/contract';
import { REASON_WORDS } from './attempt-words.ts';

type Count = Output<'summarizeConnections'>['counts'][number];

export interface OutcomeCount {
  readonly title: string;
  readonly count: number;
  /** What it is made of, the largest first. */
  readonly detail: string;
}

const MOST_REASONS = 2;

/** @returns how many came in, were refused, and failed, with the most frequent reasons */
export function countsByOutcome(counts: readonly Count[]): readonly OutcomeCount[] {
  const of = (...outcomes: readonly Count['outcome'][]) => counts.filter(({ outcome }) => outcomes.includes(outcome));
  const cameIn = of('admitted', 'resumed');
  const resumed = sum(of('resumed'));
  return [
    { title: 'Came in', count: sum(cameIn), detail: `${resumed} of them resumed a session` },
    { title: 'Refused', count: sum(of('refused')), detail: reasonsOf(of('refused')) },
    { title: 'Failed', count: sum(of('failed')), detail: reasonsOf(of('failed')) },
  ];
}

function sum(counts: readonly Count[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

function reasonsOf(counts: readonly Count[]): string {
  const totals = new Map<string, number>();
  for (const { reason, count } of counts) {
    if (reason === null) continue;
    totals.set(REASON_WORDS[reason], (totals.get(REASON_WORDS[reason]) ?? 0) + count);
  }
  const largest = [...totals].toSorted(([, one], [, other]) => other - one);
  const shown = largest.slice(0, MOST_REASONS).map(([words, count]) => `${words}: ${count}`);
  return [...shown, ...(largest.length > MOST_REASONS ? ['And others'] : [])].join('. ');
}
