import type { Outcome } from './run-import.ts';

export const OUTCOMES: readonly Outcome[] = ['imported', 'existing', 'nonmember', 'invalid', 'other'];

const WORDS: Readonly<Record<Outcome, { readonly title: string; readonly why: string }>> = {
  imported: { title: 'Imported', why: 'In the product from now on.' },
  existing: { title: 'Already there', why: 'It was in the product before.' },
  nonmember: { title: 'Belongs to others', why: 'Somebody outside of the team has claimed it.' },
  invalid: {
    title: 'Invalid',
    why: 'Not known to this cloud, other hardware than the product, or in a product that you may not take devices from.',
  },
  other: { title: 'Not imported', why: 'The cloud holds it back.' },
};

/** What people are told of it. */
export function outcomeWords(outcome: Outcome): { readonly title: string; readonly why: string } {
  return WORDS[outcome];
}
