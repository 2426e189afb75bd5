import type { Output } from '@cloudchamber/contract';

export type Account = Output<'getUser'>;

/** What reads something of the account. */
export const ACCOUNT_READS = ['getUser', 'getConsoleSession'] as const;

export interface AccountProps {
  readonly account: Account;
}

export const WRONG_PASSWORD = 'The current password is wrong.';
