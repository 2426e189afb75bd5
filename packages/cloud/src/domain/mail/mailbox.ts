import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Entropy } from '@cloudchamber/kernel';
import { createTransport } from 'nodemailer';
import { DomainError } from '../domain-error.ts';
import { checkMail } from './check-mail.ts';
import { envelopeOf } from './envelope.ts';
import type { Mail, Mailer } from './mailer.ts';

/** A mail in the mailbox, without its text. */
export interface MailboxEntry {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  /** When it was written: wall time, ms. */
  readonly at: number;
}

export interface MailboxOptions {
  /** Made with mode 0700 when it is missing. */
  readonly folder: string;
  readonly from: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** How many mails are kept, the newest ones; 1000 when left out. */
  readonly most?: number;
}

const MOST_MAILS = 1000;
/** Time in ms with 15 digits, so that names sort by it, and 8 random digits. */
const MAIL_ID = /^\d{15}-[0-9a-f]{8}$/;

/**
 * The mailer of a cloud without SMTP: each mail becomes an `.eml` file, and a `.json` file with what a list shows, readable by the owner of the
 * process only. Operators read them over the API.
 */
export class Mailbox implements Mailer {
  readonly #options: MailboxOptions;
  readonly #transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: MailboxOptions) {
    this.#options = options;
  }

  async send(mail: Mail): Promise<void> {
    checkMail(mail);
    const { clock, entropy } = this.#options;
    const at = clock.now();
    const id = `${String(at).padStart(15, '0')}-${entropy.bytes(4).toString('hex')}`;
    const { message } = await this.#transport.sendMail(envelopeOf(this.#options, mail));
    await this.#inTurn(() => this.#keep(id, { ...mail, at }, message));
  }

  /** One page, newest first. `page` counts from 1. */
  async list(page: number, perPage: number): Promise<{ readonly mails: MailboxEntry[]; readonly total: number }> {
    const ids = (await this.#ids()).reverse();
    const found = await Promise.all(ids.slice((page - 1) * perPage, page * perPage).map((id) => this.#read(id)));
    const mails = found.filter((mail) => mail !== undefined).map(({ text: _, ...entry }) => entry);
    return { mails, total: ids.length };
  }

  /** @throws DomainError `not_found`. */
  async get(id: string): Promise<MailboxEntry & { readonly text: string }> {
    const mail = MAIL_ID.test(id) ? await this.#read(id) : undefined;
    if (mail === undefined) throw unknownMail();
    return mail;
  }

  /** @throws DomainError `not_found`. */
  async delete(id: string): Promise<void> {
    await this.#inTurn(async () => {
      await this.get(id);
      await this.#remove(id);
    });
  }

  /** Resolves when what was sent is written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #keep(id: string, mail: Mail & { readonly at: number }, message: unknown): Promise<void> {
    const { folder, most = MOST_MAILS } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await this.#write(`${id}.eml`, Buffer.isBuffer(message) ? message : String(message));
    await this.#write(`${id}.json`, JSON.stringify(mail));
    const ids = await this.#ids();
    for (const old of ids.slice(0, Math.max(0, ids.length - most))) await this.#remove(old);
  }

  /** A file is there whole or not at all. */
  async #write(name: string, content: string | Buffer): Promise<void> {
    const path = join(this.#options.folder, name);
    await writeFile(`${path}.part`, content, { mode: 0o600 });
    await rename(`${path}.part`, path);
  }

  /** The list file goes first: what is not listed is gone for everybody. */
  async #remove(id: string): Promise<void> {
    for (const kind of ['json', 'eml']) await rm(join(this.#options.folder, `${id}.${kind}`), { force: true });
  }

  async #ids(): Promise<string[]> {
    const names = await unlessMissing(readdir(this.#options.folder));
    const ids = (names ?? []).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
    return ids.filter((id) => MAIL_ID.test(id)).sort();
  }

  async #read(id: string): Promise<(MailboxEntry & { readonly text: string }) | undefined> {
    const text = await unlessMissing(readFile(join(this.#options.folder, `${id}.json`), 'utf8'));
    return text === undefined ? undefined : { ...(JSON.parse(text) as Mail & { at: number }), id };
  }

  /** Writing and pruning happen one after the other, so that two never prune the same mails. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(work);
    this.#writing = turn.catch(() => {});
    return turn;
  }
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function unknownMail(): DomainError {
  return new DomainError('not_found', 'mail_not_found', 'There is no such mail in the mailbox');
}
