import type { Ambient, TokenActor } from '../context.ts';
import { digest } from './secrets.ts';
import { findTokenActor } from './token-actor.ts';
import { findTokenByHash } from './token-store.ts';

/** Whoever acts with a token that was just issued, as the store has it; undefined when it is unknown. */
export async function actorOfToken(ctx: Pick<Ambient, 'store'>, secret: string): Promise<TokenActor | undefined> {
  const token = await findTokenByHash(ctx.store.db, digest(secret));
  return token && findTokenActor(ctx.store.db, token);
}
