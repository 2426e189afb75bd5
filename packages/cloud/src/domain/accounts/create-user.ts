import { DomainError } from '../domain-error.ts';
import type { AccountServices, Ambient } from './account-services.ts';
import { newId } from './secrets.ts';
import { type AccountInfo, parseUsername, type User, userFromRow } from './user.ts';
import { insertUser } from './user-store.ts';

export interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly accountInfo?: Partial<AccountInfo>;
  readonly operator?: boolean;
}

const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD = 1024;

/**
 * Makes an account, whatever the sign-up policy says: for start-up, operators and `signUp`.
 * @throws DomainError `invalid` for a bad e-mail address or password, `conflict` when the address has an account.
 */
export async function createUser(
  ctx: Pick<Ambient, 'store' | 'clock' | 'entropy'>,
  services: Pick<AccountServices, 'hasher'>,
  input: NewUser,
): Promise<User> {
  const username = parseUsername(input.username);
  checkNewPassword(input.password);
  const row = {
    id: newId(ctx.entropy),
    username,
    password_hash: await services.hasher.hash(input.password, ctx.entropy),
    account_info: JSON.stringify({
      first_name: input.accountInfo?.first_name ?? '',
      last_name: input.accountInfo?.last_name ?? '',
      company_name: input.accountInfo?.company_name ?? '',
      business_account: input.accountInfo?.business_account ?? false,
    } satisfies AccountInfo),
    operator: input.operator === true ? 1 : 0,
    created_at: ctx.clock.now(),
  };
  if (!(await insertUser(ctx.store.db, row))) {
    throw new DomainError('conflict', 'username_taken', 'That e-mail address has an account already');
  }
  return userFromRow(row);
}

function checkNewPassword(password: string): void {
  if (password.length >= SHORTEST_PASSWORD && password.length <= LONGEST_PASSWORD) return;
  throw new DomainError(
    'invalid',
    'invalid_request',
    `password must have ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters`,
  );
}
