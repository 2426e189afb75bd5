import type { Kysely, Selectable } from 'kysely';
import type { AccessTokenRow } from '../../store/tables/accounts.ts';
import type { Tables } from '../../store/tables.ts';
import type { TokenActor } from '../context.ts';

type Token = Pick<Selectable<AccessTokenRow>, 'id' | 'subject_kind' | 'subject_id' | 'client_id' | 'scope'>;

/** Whoever acts with this token, or undefined when its account, customer, product or API user is gone. Reads one row, by primary key. */
export function findTokenActor(db: Kysely<Tables>, token: Token): Promise<TokenActor | undefined> {
  return FINDERS[token.subject_kind](db, token);
}

/** @returns the id that tokens know this actor by. */
export function subjectIdOf(actor: TokenActor): string {
  switch (actor.kind) {
    case 'user':
      return actor.userId;
    case 'customer':
      return actor.customerId;
    case 'product':
      return String(actor.productId);
    case 'api_user':
      return actor.apiUserId;
  }
}

type Finder = (db: Kysely<Tables>, token: Token) => Promise<TokenActor | undefined>;

const FINDERS: Readonly<Record<Token['subject_kind'], Finder>> = {
  user: async (db, { id, subject_id: userId }) => {
    const columns = ['username', 'operator'] as const;
    const row = await db.selectFrom('users').select(columns).where('id', '=', userId).executeTakeFirst();
    return row && { kind: 'user', userId, username: row.username, tokenId: id, operator: row.operator === 1 };
  },
  customer: async (db, { id, subject_id: customerId }) => {
    const columns = ['username', 'product_id'] as const;
    const row = await db.selectFrom('customers').select(columns).where('id', '=', customerId).executeTakeFirst();
    return row && { kind: 'customer', customerId, username: row.username, productId: row.product_id, tokenId: id };
  },
  product: async (db, { id, subject_id, client_id: clientId, scope }) => {
    const productId = Number(subject_id);
    const row = await db
      .selectFrom('products')
      .leftJoin('oauth_clients', (join) =>
        join.onRef('oauth_clients.product_id', '=', 'products.id').on('oauth_clients.id', '=', clientId),
      )
      .select('oauth_clients.role')
      .where('products.id', '=', productId)
      .executeTakeFirst();
    const role = row?.role ?? 'Developer';
    return row && { kind: 'product', productId, clientId, role, scopes: scope?.split(' ') ?? null, tokenId: id };
  },
  api_user: async (db, { id, subject_id: apiUserId }) => {
    const row = await db.selectFrom('api_users').selectAll().where('id', '=', apiUserId).executeTakeFirst();
    return (
      row && {
        kind: 'api_user',
        apiUserId,
        username: row.username,
        teamKind: row.team_kind,
        teamId: row.team_id,
        scopes: JSON.parse(row.scopes) as string[],
        tokenId: id,
      }
    );
  },
};
