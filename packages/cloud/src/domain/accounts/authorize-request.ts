import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { askedScope, isFullScope } from './client-scopes.ts';
import { findClientRow } from './client-store.ts';

/** What a browser brings to the consent page (RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
export interface AuthorizationRequest {
  readonly responseType?: string | undefined;
  readonly clientId?: string | undefined;
  readonly redirectUri?: string | undefined;
  readonly scope?: string | undefined;
  readonly state?: string | undefined;
  readonly codeChallenge?: string | undefined;
  readonly codeChallengeMethod?: string | undefined;
}

/** A request whose client and redirect address are known: whatever else is wrong may be told there. */
export interface Authorization {
  readonly clientId: string;
  readonly clientName: string;
  /** Of a product's client. */
  readonly productId: number | null;
  readonly redirectUri: string;
  /** True when the request named it. */
  readonly redirectUriGiven: boolean;
  readonly state: string | undefined;
  readonly scope: string | null;
  readonly codeChallenge: string | null;
  /** Why the client can't be served; undefined when it can. */
  readonly refusal: AuthorizationRefusal | undefined;
}

/** RFC 6749 section 4.1.2.1. */
export interface AuthorizationRefusal {
  readonly error: string;
  readonly description: string;
}

/**
 * Reads a request for the consent page.
 * @throws DomainError `invalid_client` for an unknown client and `invalid_request` for a redirect address that is not exactly the registered one:
 *   then the browser must not be sent anywhere.
 */
export async function readAuthorization(
  ctx: Pick<Ambient, 'store'>,
  request: AuthorizationRequest,
): Promise<Authorization> {
  const { clientId = '', redirectUri = '', codeChallenge = '' } = request;
  const client = clientId === '' ? undefined : await findClientRow(ctx.store.db, clientId);
  if (client === undefined) {
    throw new DomainError('invalid', 'invalid_client', 'The program that sent you here is not known to this server');
  }
  if (client.redirect_uri === null || (redirectUri !== '' && redirectUri !== client.redirect_uri)) {
    const text = 'The program that sent you here asked to send you on to an address that it has not registered';
    throw new DomainError('invalid', 'invalid_request', text);
  }
  const asked = { ...request, clientScope: client.scope, ofAccount: client.product_id === null };
  const checked = checkRequest(asked);
  return {
    clientId: client.id,
    clientName: client.name,
    productId: client.product_id,
    redirectUri: client.redirect_uri,
    redirectUriGiven: redirectUri !== '',
    state: request.state,
    codeChallenge: codeChallenge === '' ? null : codeChallenge,
    ...checked,
  };
}

/** @returns where the browser goes with the answer; the address keeps the query that it was registered with. */
export function answerAddress(
  authorization: Pick<Authorization, 'redirectUri' | 'state'>,
  answer: Readonly<Record<string, string>>,
): string {
  const url = new URL(authorization.redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.append(name, value);
  if (authorization.state !== undefined) url.searchParams.append('state', authorization.state);
  return url.href;
}

/** As `answerAddress`, for a refusal. */
export function refusalAddress(
  authorization: Pick<Authorization, 'redirectUri' | 'state'>,
  { error, description }: AuthorizationRefusal,
): string {
  return answerAddress(authorization, { error, error_description: description });
}

/** A SHA-256 in base64url. */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

interface Asked extends AuthorizationRequest {
  readonly clientScope: string | null;
  readonly ofAccount: boolean;
}

function checkRequest(asked: Asked): Pick<Authorization, 'scope' | 'refusal'> {
  const { codeChallenge = '', codeChallengeMethod = '' } = asked;
  const refuse = (error: string, description: string) => ({ scope: null, refusal: { error, description } });
  if (asked.responseType !== 'code') return refuse('unsupported_response_type', 'response_type must be code');
  if (codeChallenge === '' ? codeChallengeMethod !== '' : codeChallengeMethod !== 'S256') {
    return refuse('invalid_request', 'code_challenge needs code_challenge_method S256');
  }
  if (codeChallenge !== '' && !CHALLENGE.test(codeChallenge)) {
    return refuse('invalid_request', 'code_challenge must be a SHA-256 in base64url, 43 characters');
  }
  if (asked.ofAccount && !isFullScope(asked.clientScope)) {
    return refuse('unauthorized_client', 'The scope of this client does not let it act for an account');
  }
  try {
    const scope = askedScope(asked.scope, asked.clientScope);
    // The token of an account has no scope that could be less than all: better none than one that does more than was asked for.
    if (asked.ofAccount && scope !== null) return refuse('invalid_scope', 'That scope is not available to this client');
    return { scope, refusal: undefined };
  } catch (error) {
    if (error instanceof DomainError) return refuse('invalid_scope', error.message);
    throw error;
  }
}
