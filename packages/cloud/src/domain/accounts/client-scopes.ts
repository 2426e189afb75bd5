import { DomainError } from '../domain-error.ts';

/** What a client may be limited to (section 8 of the API notes). */
const SCOPES: readonly string[] = ['customers:create', '*:*'];

const wordsOf = (text: string | null | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');

/**
 * The scope of a client as it is stored: known words once each, null for none.
 * @throws DomainError `invalid_scope`.
 */
export function parseClientScope(text: string | undefined): string | null {
  const words = wordsOf(text);
  if (words.length === 0 || (words.length === 1 && words[0] === 'none')) return null;
  if (words.some((word) => !SCOPES.includes(word))) {
    throw new DomainError('invalid', 'invalid_scope', 'scope takes customers:create and *:*');
  }
  return [...new Set(words)].join(' ');
}

/** A client without a scope, or with `*:*`, may do everything that its owner lets it do. */
export function isFullScope(scope: string | null): boolean {
  return scope === null || wordsOf(scope).includes('*:*');
}

/**
 * The scope that a client asks a token for, which may be less than its own.
 * @returns null for all of its own.
 * @throws DomainError `invalid_scope` for unknown words, and for more than the client has.
 */
export function askedScope(asked: string | undefined, clientScope: string | null): string | null {
  const words = wordsOf(asked);
  const known = words.every((word) => SCOPES.includes(word));
  const within = isFullScope(clientScope) || words.every((word) => wordsOf(clientScope).includes(word));
  if (!known || !within) {
    throw new DomainError('invalid', 'invalid_scope', 'That scope is not available to this client');
  }
  return words.length === 0 || words.includes('*:*') ? null : [...new Set(words)].join(' ');
}
