import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { minutes, seconds } from '@cloudchamber/kernel';
import { z } from 'zod';
import { DomainError } from '../domain-error.ts';
import type { CallParts } from './http-call.ts';

/** The parts of a service account's key file that a login takes. */
export interface ServiceAccount {
  readonly email: string;
  readonly keyId: string | undefined;
  readonly key: KeyObject;
  readonly tokenUri: string;
}

const keyFile = z.object({
  client_email: z.string().min(1).max(300),
  private_key_id: z.string().max(300).optional(),
  private_key: z.string(),
  token_uri: z.url().default('https://oauth2.googleapis.com/token'),
});

const tokenReply = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

const SCOPE = 'https://www.googleapis.com/auth/pubsub';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ASSERTION_SECONDS = 3600;
/** A token that ends within this is not used any more. */
const MARGIN = minutes(1);
const TIMEOUT = seconds(20);
const MOST_REPLY_BYTES = 65_536;

/** @param text JSON of a service account's key. @throws DomainError `delivery.bad_service_account` */
export function parseServiceAccount(text: string): ServiceAccount {
  try {
    const {
      client_email: email,
      private_key_id: keyId,
      private_key: pem,
      token_uri: tokenUri,
    } = keyFile.parse(JSON.parse(text));
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'rsa') throw new TypeError('no RSA key');
    return { email, keyId, key, tokenUri };
  } catch {
    // What is wrong may quote the key.
    throw new DomainError(
      'invalid',
      'delivery.bad_service_account',
      'The service account is no key file of Google: it needs client_email and private_key',
    );
  }
}

/** Access tokens of a service account by signed JWT (RFC 7523 section 2.1, as Google has it), each used until shortly before it ends. */
export class GoogleTokens {
  readonly #parts: CallParts;
  readonly #account: ServiceAccount;
  #kept: { readonly token: Promise<string>; until: number } | undefined;

  constructor(parts: CallParts, account: ServiceAccount) {
    this.#parts = parts;
    this.#account = account;
  }

  /** Who asks while one is being fetched waits for the same one. @throws OutboundError; DomainError `delivery.no_token` when Google gives none */
  async token(): Promise<string> {
    if (this.#kept !== undefined && this.#kept.until > this.#parts.clock.now()) return this.#kept.token;
    const kept = { token: this.#fetch((until) => (kept.until = until)), until: Number.POSITIVE_INFINITY };
    this.#kept = kept;
    try {
      return await kept.token;
    } catch (error) {
      if (this.#kept === kept) this.#kept = undefined;
      throw error;
    }
  }

  /** The token was refused: the next one is a new one. */
  forget(): void {
    this.#kept = undefined;
  }

  async #fetch(keepUntil: (until: number) => void): Promise<string> {
    const { outbound, clock } = this.#parts;
    const account = this.#account;
    const assertion = assertionOf(account, Math.floor(clock.now() / 1000));
    const { status, body } = await outbound.request({
      method: 'POST',
      url: account.tokenUri,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: GRANT, assertion }).toString(),
      timeoutMs: TIMEOUT,
      mostResponseBytes: MOST_REPLY_BYTES,
    });
    const reply = tokenReply.safeParse(status === 200 ? jsonOf(body) : undefined);
    if (!reply.success) {
      const text = `Google gave no token for the service account: error status ${status}`;
      throw new DomainError('unavailable', 'delivery.no_token', text);
    }
    keepUntil(clock.now() + reply.data.expires_in * 1000 - MARGIN);
    return reply.data.access_token;
  }
}

function assertionOf({ email, keyId, key, tokenUri }: ServiceAccount, now: number): string {
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) };
  const claims = { iss: email, scope: SCOPE, aud: tokenUri, iat: now, exp: now + ASSERTION_SECONDS };
  const content = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
