/** A mail in plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** How mail leaves the cloud: SMTP, or the mailbox folder of the operator. */
export interface Mailer {
  /** Resolves when the next station has the mail. Rejects when it did not take it. */
  send(mail: Mail): Promise<void>;
  close(): Promise<void>;
}
