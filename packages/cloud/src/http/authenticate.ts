import type { FastifyRequest } from 'fastify';
import { type AccountServices, checkPassword, checkToken, verifySecondFactor } from '../domain/accounts/index.ts';
import { apiUserRefused, permissionDenied } from '../domain/authorization/index.ts';
import type { Ambient, TokenActor, UserActor } from '../domain/context.ts';
import { DomainError } from '../domain/domain-error.ts';
import type { Account, Authenticator } from './http-app.ts';
import { checkCookieRequest } from './own-origin.ts';
import { sessionOf } from './session-cookie.ts';

/** Authenticates requests against the accounts of this cloud. */
export function createAuthenticator(ambient: Ambient, services: AccountServices): Authenticator {
  const token = async (request: FastifyRequest): Promise<TokenActor> => {
    const presented = presentedToken(request);
    if (presented !== undefined) return checkToken(ambient, services, presented);
    const session = sessionOf(request);
    if (session === undefined) {
      throw new DomainError('invalid', 'invalid_request', 'The access token was not found');
    }
    const actor = await checkToken(ambient, services, session);
    checkCookieRequest(request, session, services.publicUrl);
    return actor;
  };
  const basic = async (request: FastifyRequest): Promise<Account> => {
    const credentials = basicCredentials(request);
    if (credentials === undefined) return requireAccount(await token(request));
    const user = await checkPassword(ambient, services, { ...credentials, address: request.ip });
    await verifySecondFactor(ambient, services, user.id, presentedCode(request));
    return { userId: user.id, username: user.username };
  };
  return { token, basic };
}

/** @throws DomainError `permission_denied` for a token that is not an account's. */
export function requireAccount(actor: TokenActor): UserActor {
  if (actor.kind === 'user') return actor;
  throw actor.kind === 'api_user' ? apiUserRefused() : permissionDenied();
}

/** The code of a second factor, in the query: HTTP Basic has no place for it (section 7 of the API notes). */
function presentedCode(request: Pick<FastifyRequest, 'query'>): string | undefined {
  const { query } = request;
  if (typeof query !== 'object' || query === null || !('otp' in query)) return undefined;
  return typeof query.otp === 'string' ? query.otp : undefined;
}

const QUERY_METHODS: readonly string[] = ['GET', 'HEAD'];

/**
 * The token of a request: the Bearer header first, then `access_token` in the query of GET and HEAD (API-17), or in the body of any other method (API-16).
 * Undefined when there is none: then the console's cookie counts.
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
