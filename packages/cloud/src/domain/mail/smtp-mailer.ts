import { type Clock, type Entropy, seconds } from '@cloudchamber/kernel';
import { createTransport } from 'nodemailer';
import { checkMail } from './check-mail.ts';
import { type Envelope, envelopeOf } from './envelope.ts';
import type { Mail, Mailer } from './mailer.ts';

export interface SmtpMailerOptions {
  /** `smtp://` or `smtps://` with user, password, host and port; `?requireTLS=true` refuses a server without TLS. */
  readonly url: string;
  /** What stands under From: an address, or `Name <address>`. */
  readonly from: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

const MOST_CONNECTIONS = 3;

/** Sends over SMTP (RFC 5321): at most three connections, which stay open for a while. */
export class SmtpMailer implements Mailer {
  readonly #transport: ReturnType<typeof createPool>;
  readonly #envelope: Envelope;

  constructor({ url, from, clock, entropy }: SmtpMailerOptions) {
    this.#transport = createPool(url);
    this.#envelope = { from, clock, entropy };
  }

  async send(mail: Mail): Promise<void> {
    checkMail(mail);
    await this.#transport.sendMail(envelopeOf(this.#envelope, mail));
  }

  async close(): Promise<void> {
    this.#transport.close();
  }
}

function createPool(url: string) {
  return createTransport({
    url,
    pool: true,
    maxConnections: MOST_CONNECTIONS,
    connectionTimeout: seconds(10),
    greetingTimeout: seconds(10),
    socketTimeout: seconds(30),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
