import type { FastifyInstance } from 'fastify';
import { DomainError } from '../domain/domain-error.ts';
import { FormError, parseForm } from './form-body.ts';

const MOST_JSON_DEPTH = 32;
const PROTOTYPE_KEYS = ['__proto__', 'constructor'];

/** JSON and forms on every method that may carry a body, with limits on depth and on names that reach a prototype. */
export function addBodyParsers(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser(['application/json', 'text/plain']);
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, text: string) =>
    text.trim() === '' ? undefined : parseJson(text),
  );
  fastify.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, text: string) => {
      try {
        return parseForm(text);
      } catch (error) {
        if (error instanceof FormError)
          throw new DomainError('invalid', 'invalid_request', `The form: ${error.message}`);
        throw error;
      }
    },
  );
}

/** @throws DomainError `invalid` for what is not JSON, is nested more than 32 deep or names a prototype. */
export function parseJson(text: string): unknown {
  if (isDeeperThan(text, MOST_JSON_DEPTH)) {
    throw new DomainError('invalid', 'invalid_request', `The body is nested more than ${MOST_JSON_DEPTH} deep`);
  }
  let poisoned = false;
  try {
    const value: unknown = JSON.parse(text, function (this: unknown, key, inner: unknown) {
      if (PROTOTYPE_KEYS.includes(key)) poisoned = true;
      return inner;
    });
    if (!poisoned) return value;
  } catch {
    throw new DomainError('invalid', 'invalid_request', 'The body is not valid JSON');
  }
  throw new DomainError('invalid', 'invalid_request', 'The body has a name that is not allowed');
}

/** Looks at brackets outside strings only, so that the depth is known before anything is built. */
function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') {
      if (++depth > limit) return true;
    } else if (char === '}' || char === ']') depth--;
  }
  return false;
}
