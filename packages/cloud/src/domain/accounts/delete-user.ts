import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import type { UserContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import { findClientRows } from './client-store.ts';
import { confirmPassword } from './confirm-password.ts';
import { countOperatorsAlone, deleteUserRow, unlinkCustomers } from './delete-user-store.ts';
import { deleteMailTokens } from './mail-token-store.ts';
import { announce, deleteTokensOf } from './revoke-tokens.ts';
import { deleteAccessTokens, deleteRefreshTokens } from './token-store.ts';
import { findUserRow, lockUser } from './user-store.ts';

/**
 * What another domain does when an account ends, such as releasing its devices, in the transaction that deletes it.
 * @param at wall time, ms
 * @returns what is to be told after the commit.
 */
type AccountEnding = (db: Kysely<Tables>, userId: string, at: number) => Promise<() => void>;

export interface UserEnd {
  /** The account's. */
  readonly password: string;
  /** Where the request comes from, an IP address. */
  readonly address: string;
  /** What the account owns that has to go before it can: in words, such as `the product "Greenhouse"`. */
  readonly placesOf: readonly ((db: Kysely<Tables>, userId: string) => Promise<readonly string[]>)[];
  readonly endings: readonly AccountEnding[];
}

/**
 * Deletes the caller's account with its clients, memberships and tokens, and those of its clients; its devices belong to nobody then.
 * @throws DomainError `conflict` while it owns products or organizations (named in the text) or is the last operator, and what `confirmPassword` throws.
 */
export async function deleteUser(
  ctx: UserContext,
  services: Pick<AccountServices, 'hasher' | 'throttle' | 'tokens' | 'bus'>,
  input: UserEnd,
): Promise<void> {
  const { userId: id } = ctx.actor;
  const before = await findUserRow(ctx.store.db, 'id', id);
  const user = await confirmPassword(ctx, services, input);
  const { revoked, tell } = await ctx.store.db.transaction().execute(async (db) => {
    // First, since it locks the rows of all operators: of two who delete themselves at once neither waits with a lock of its own.
    const isLast = user.operator && (await countOperatorsAlone(db)) < 2;
    // Whoever gives a product or an organization to the account holds this lock too.
    if (!(await lockUser(db, id))) throw changedMeanwhile();
    const owned: string[] = [];
    for (const placesOf of input.placesOf) owned.push(...(await placesOf(db, id)));
    if (owned.length > 0) throw ownsPlaces(owned);
    if (isLast) throw lastOperator();
    const tell: (() => void)[] = [];
    for (const end of input.endings) tell.push(await end(db, id, ctx.clock.now()));
    const revoked = await deleteTokensOf(db, { kind: 'user', id });
    for (const client of await findClientRows(db, { kind: 'user', id })) {
      await deleteRefreshTokens(db, 'client_id', client.id);
      revoked.push(...(await deleteAccessTokens(db, { client_id: client.id })));
    }
    await deleteMailTokens(db, id);
    await unlinkCustomers(db, id);
    if (!(await deleteUserRow(db, id, before?.password_hash ?? ''))) throw changedMeanwhile();
    return { revoked, tell };
  });
  announce(services, revoked);
  for (const one of tell) one();
}

const MOST_NAMED = 5;

function ownsPlaces(names: readonly string[]): DomainError {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return new DomainError(
    'conflict',
    'owns_places',
    `The account owns ${names.slice(0, MOST_NAMED).join(', ')}${more}: delete or transfer them first`,
  );
}

function lastOperator(): DomainError {
  return new DomainError('conflict', 'last_operator', 'The last operator of a server cannot be deleted');
}

function changedMeanwhile(): DomainError {
  return new DomainError('conflict', 'changed_meanwhile', 'The account was changed by another request; try again');
}
