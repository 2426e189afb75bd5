import type { Access, Route } from '@cloudchamber/contract';
import type { FastifyRequest } from 'fastify';
import { apiUserRefused, permissionDenied } from '../domain/authorization/index.ts';
import type { OwnerActor, TokenActor } from '../domain/context.ts';
import { DomainError } from '../domain/domain-error.ts';
import { enterOrganization } from '../domain/organizations/index.ts';
import { enterProduct } from '../domain/products/index.ts';
import { requireAccount } from './authenticate.ts';
import type { Account, ContextFor, HttpApp } from './http-app.ts';

/** Who sent a request; null where nobody has to say. */
export type Caller = TokenActor | Account | null;

/**
 * Who sends this request, if that kind of caller may use a route of this access at all. Whether it may enter the product or organization of the
 * path is asked by `contextFor`, after the path was parsed.
 * @throws DomainError of section 3.3 of the API notes.
 */
export async function identify(app: HttpApp, access: Access, request: FastifyRequest): Promise<Caller> {
  if (access === 'public') return null;
  if (access === 'basic') return app.authenticator.basic(request);
  const actor = await app.authenticator.token(request);
  switch (access) {
    case 'operator':
      if (actor.kind === 'user' && actor.operator) return actor;
      throw new DomainError('forbidden', 'operator_only', 'Only an operator of this server may do that');
    case 'user':
      return requireAccount(actor);
    case 'owner':
      return requireOwner(actor);
    default:
      return actor;
  }
}

/** For a public route that learns by itself who calls it, such as by a token from a mail: the audit log says so. */
export function recognize(request: FastifyRequest, caller: NonNullable<Caller>): void {
  request.setDecorator('caller', caller);
}

/** What the handler gets: the caller, at once; for routes of a product or organization that place, entered with the route's scope. */
export function contextFor(
  app: HttpApp,
  route: Pick<Route, 'access' | 'scope'>,
  request: FastifyRequest,
  caller: Caller,
): ContextFor<Access> | Promise<ContextFor<Access>> {
  const { access, scope } = route;
  if (access === 'public') return app.ambient;
  if (access === 'basic') return { ...app.ambient, account: caller as Account };
  const ctx = { ...app.ambient, actor: caller as TokenActor };
  if (scope === undefined) return ctx;
  const { productIdOrSlug = '', orgIdOrSlug = '' } = request.params as Record<string, string>;
  return access === 'product' ? enterProduct(ctx, productIdOrSlug, scope) : enterOrganization(ctx, orgIdOrSlug, scope);
}

function requireOwner(actor: TokenActor): OwnerActor {
  if (actor.kind === 'user' || actor.kind === 'customer') return actor;
  throw actor.kind === 'api_user' ? apiUserRefused() : permissionDenied();
}
