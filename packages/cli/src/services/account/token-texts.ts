import { printable } from '../../output/printable.ts';

/** A token as lists show it. */
export interface ListedToken {
  /** 24 hex digits that stand for it: the cloud does not know the token itself any more. */
  readonly token: string;
  readonly client: string;
  /** ISO 8601; null for never. */
  readonly expires_at: string | null;
  /** Whether the command line uses it. */
  readonly active: boolean;
}

/** Three lines for each, and an empty one between. */
export function tokenList(tokens: readonly ListedToken[]): readonly string[] {
  return tokens.flatMap(({ client, token, expires_at, active }, at) => [
    ...(at === 0 ? [] : ['']),
    `${printable(client)}${active ? ' (active)' : ''}`,
    ` Token:      ${printable(token)}`,
    ` Expires at: ${expires_at === null ? 'null' : printable(expires_at)}`,
  ]);
}

/** @param expiresAt undefined for never; it is shown in the time zone of this machine */
export function newToken(token: string, expiresAt: Date | undefined): readonly string[] {
  const when = expiresAt === undefined ? 'never expires' : `expires on ${expiresAt.toString()}`;
  return [`New access token ${when}`, `\t\t${printable(token)}`];
}
