import type { Store } from '../../store/index.ts';
import { DomainError } from '../domain-error.ts';
import { findLastGiven, findNewest } from './stream-log-store.ts';

/** Sequence of the newest event in the log, 0 for an empty one. */
export async function newestPosition({ db, engine }: Pick<Store, 'db' | 'engine'>): Promise<number> {
  return (await findNewest(db)) ?? findLastGiven(db, engine);
}

/** Refuses the id of an event that cannot have been shown to anybody. @throws DomainError `event.unknown_id` */
export async function checkPosition(store: Pick<Store, 'db' | 'engine'>, sequence: number): Promise<void> {
  if (sequence <= (await newestPosition(store))) return;
  // The newest events may have been deleted when they grew old.
  if (sequence <= (await findLastGiven(store.db, store.engine))) return;
  const text =
    'No event has had that id yet: send the id of the last event that the stream has shown, or 0 for all that is kept';
  throw new DomainError('invalid', 'event.unknown_id', text);
}
