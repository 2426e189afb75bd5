import type { FastifyRequest } from 'fastify';
import {
  type AccountServices,
  type Ambient,
  checkPassword,
  checkToken,
  type UserActor,
} from '../domain/accounts/index.ts';
import { DomainError } from '../domain/domain-error.ts';
import type { Account, Authenticator } from './http-app.ts';

/** Authenticates requests against the accounts of this cloud. */
export function createAuthenticator(ambient: Ambient, services: AccountServices): Authenticator {
  const token = async (request: FastifyRequest): Promise<UserActor> => {
    const presented = presentedToken(request);
    if (presented === undefined) {
      throw new DomainError('invalid', 'invalid_request', 'The access token was not found');
    }
    return checkToken(ambient, services, presented);
  };
  const basic = async (request: FastifyRequest): Promise<Account> => {
    const credentials = basicCredentials(request);
    if (credentials === undefined) return token(request);
    const user = await checkPassword(ambient, services, { ...credentials, address: request.ip });
    return { userId: user.id, username: user.username };
  };
  return { token, basic };
}

const QUERY_METHODS: readonly string[] = ['GET', 'HEAD'];

/**
 * The token of a request: the Bearer header first, then `access_token` in the query of GET and HEAD (API-17), or in the body of any other method (API-16).
 * Undefined when there is none.
 */
function presentedToken(request: Pick<FastifyRequest, 'method' | 'headers' | 'query' | 'body'>): string | undefined {
  const [, bearer] = /^Bearer\s+(\S.*)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (bearer !== undefined) return bearer.trim();
  const fields: unknown = QUERY_METHODS.includes(request.method) ? request.query : request.body;
  if (typeof fields !== 'object' || fields === null || !('access_token' in fields)) return undefined;
  const token = fields.access_token;
  return typeof token === 'string' && token !== '' ? token : undefined;
}

/** Name and password of HTTP Basic (RFC 7617), or undefined when the request has none that can be read. */
export function basicCredentials(
  request: Pick<FastifyRequest, 'headers'>,
): { readonly username: string; readonly password: string } | undefined {
  const [, encoded] = /^Basic\s+([A-Za-z0-9+/_-]+=*)\s*$/i.exec(request.headers.authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
