import { type Cloud, ensureOperator, findUserByName, issueToken } from '@cloudchamber/cloud';
import { ChamberError } from '@cloudchamber/kernel';
import type { Demo } from './demo-file.ts';

const EMAIL = 'demo@cloudchamber.local';
/** Of 128 random bits, in letters that survive a shell. */
const PASSWORD_BYTES = 16;

export type DemoAccount = Pick<Demo, 'email' | 'password' | 'access_token'>;

/**
 * The demo account of an earlier run, or a new one with a confirmed address, a random password and a token that does not end. It is an operator: whoever
 * runs the demo runs the server.
 * @throws ChamberError `demo.file_missing` when the account is there but nobody remembers its password
 */
export async function ensureDemoAccount(cloud: Cloud, earlier: Demo | undefined): Promise<DemoAccount> {
  const { ambient, accounts } = cloud;
  const user = await findUserByName(ambient, EMAIL);
  if (user !== undefined && earlier !== undefined) {
    await ensureOperator(ambient, accounts, { username: EMAIL, password: earlier.password });
    return earlier;
  }
  if (user !== undefined) {
    throw new ChamberError(
      'demo.file_missing',
      'caller',
      `The account ${EMAIL} exists, but demo.json is gone from the data folder. Put it back, or set CHAMBER_DATA to a new folder.`,
    );
  }
  const password = ambient.entropy.bytes(PASSWORD_BYTES).toString('base64url');
  const { id } = await ensureOperator(ambient, accounts, { username: EMAIL, password });
  const request = {
    subject: { kind: 'user' as const, id },
    clientId: 'particle',
    lifetimeSeconds: 0,
    withRefresh: false,
  };
  const { accessToken } = await issueToken(ambient, ambient.store.db, request);
  return { email: EMAIL, password, access_token: accessToken };
}
