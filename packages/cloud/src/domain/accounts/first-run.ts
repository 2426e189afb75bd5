import { timingSafeEqual } from 'node:crypto';
import { errorMessage } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import { type ConsoleSession, startConsoleSession } from './console-session.ts';
import { hasOperator } from './console-session-store.ts';
import { newUserRow, usernameTaken } from './create-user.ts';
import { digest } from './secrets.ts';
import { forgetSetupCode, readOrMakeSetupCode } from './setup-code.ts';
import { userFromRow } from './user.ts';
import { insertUser } from './user-store.ts';

/** The time until the first account is an operator. Whoever knows the code that the server prints at its start makes that account. */
export class FirstRun {
  /** 40 hex digits; undefined when there was an operator at the start. */
  readonly code: string | undefined;
  readonly #forgetCode: () => Promise<void>;
  /** The last operator cannot be deleted, so this stays true. */
  #over: boolean;
  #isSettingUp = false;

  /** @param forgetCode removes the code from wherever it is kept */
  constructor(code: string | undefined, forgetCode: () => Promise<void>) {
    this.code = code;
    this.#forgetCode = forgetCode;
    this.#over = code === undefined;
  }

  /**
   * Looks whether there is an operator; without one the code is in the data folder, so that it is the same after a restart.
   * @throws the system's error when the data folder cannot be used
   */
  static async open(ctx: Pick<Ambient, 'store' | 'entropy'>, dataDir: string): Promise<FirstRun> {
    const forgetCode = () => forgetSetupCode(dataDir);
    if (!(await hasOperator(ctx.store.db))) {
      return new FirstRun(await readOrMakeSetupCode(dataDir, ctx.entropy), forgetCode);
    }
    await forgetCode();
    return new FirstRun(undefined, forgetCode);
  }

  /** Is there still no operator? */
  async isOpen(ctx: Pick<Ambient, 'store'>): Promise<boolean> {
    this.#over ||= await hasOperator(ctx.store.db);
    return !this.#over;
  }

  /**
   * Makes the first operator's account and logs its browser in. Whoever runs the server vouches for the address.
   * @throws DomainError `already_set_up` and `username_taken` (conflict), `setup_code_wrong` (forbidden), `invalid` for a bad e-mail address or password.
   */
  async setUp(
    ctx: Ambient,
    services: Pick<AccountServices, 'hasher'>,
    input: { readonly code: string; readonly username: string; readonly password: string },
  ): Promise<ConsoleSession> {
    const { code, username, password } = input;
    if (!(await this.isOpen(ctx))) throw alreadySetUp();
    if (this.code === undefined || !isSame(code.trim(), this.code)) throw wrongCode();
    if (this.#isSettingUp) throw alreadySetUp();
    this.#isSettingUp = true;
    try {
      const row = await newUserRow(ctx, services, { username, password, operator: true, emailVerified: true });
      const session = await ctx.store.db.transaction().execute(async (db) => {
        if (await hasOperator(db)) throw alreadySetUp();
        if (!(await insertUser(db, row))) throw usernameTaken();
        return startConsoleSession(ctx, db, userFromRow(row));
      });
      this.#over = true;
      await this.#forget(ctx);
      return session;
    } finally {
      this.#isSettingUp = false;
    }
  }

  /** What stays in the folder is worth nothing: an operator is there. */
  async #forget({ log }: Pick<Ambient, 'log'>): Promise<void> {
    try {
      await this.#forgetCode();
    } catch (error) {
      log.warn({ error: errorMessage(error) }, 'the code of the setup could not be removed from the data folder');
    }
  }
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));
}

function alreadySetUp(): DomainError {
  return new DomainError('conflict', 'already_set_up', 'This server has an operator: log in');
}

function wrongCode(): DomainError {
  return new DomainError(
    'forbidden',
    'setup_code_wrong',
    'The code is wrong: open the address that the server printed when it started',
  );
}
