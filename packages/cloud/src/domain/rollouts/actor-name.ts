import type { Actor } from '../context.ts';

/** What the timeline calls whoever does something: an e-mail or name, the id of a product's client, or `system`. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'system') return 'system';
  return actor.kind === 'product' ? actor.clientId : actor.username;
}
