import type { Route } from '@cloudchamber/contract';
import { errorMessage } from '@cloudchamber/kernel';
import type { FastifyRequest } from 'fastify';
import { actorOfToken, findUserByName, subjectIdOf } from '../domain/accounts/index.ts';
import { type AuditActor, type AuditFacts, isProductClient, recordEntry } from '../domain/audit/index.ts';
import type { Ambient, TokenActor } from '../domain/context.ts';
import { DomainError } from '../domain/domain-error.ts';
import type { Organization } from '../domain/organizations/index.ts';
import { findProduct, type Product } from '../domain/products/index.ts';
import { clientCredentials } from './client-credentials.ts';
import type { HttpApp } from './http-app.ts';
import type { Caller } from './route-door.ts';

const READING: readonly string[] = ['GET', 'HEAD'];
/** Chapters of the contract whose `username` is the e-mail of an account. */
const NAME_ACCOUNTS: readonly string[] = ['teams', 'accounts'];
/** Operations whose wrong passwords are noted. */
const LOG_INS: readonly string[] = ['createToken', 'createConsoleSession'];
const SECRET_PARAMS = /token|code|secret/i;
/** The shape of our tokens and secrets, wherever one may have slipped to. */
const SECRET_SHAPE = /[0-9a-f]{40}/gi;
const LONGEST_PARAM = 254;
const MOST_FIELDS = 50;
const LONGEST_FIELD = 60;

const NOBODY: AuditActor = { kind: 'nobody', id: null, name: null };

type AuditedRoute = Pick<Route, 'method' | 'operation' | 'audited' | 'tag'>;

/** Is a success of this route written into the audit log? */
export function isAudited(route: Pick<Route, 'method' | 'audited'>): boolean {
  return !READING.includes(route.method) && route.audited !== false;
}

/**
 * Writes the audit entry of a request that has succeeded, before its reply goes out. An entry that cannot be written is an error in the log and
 * doesn't change the reply: what was done is done.
 * @param place what the handler got: its product or organization, if it has one
 * @param answer the body of the reply, which tells of a log-in whose it is
 */
export async function auditSuccess(
  app: HttpApp,
  route: AuditedRoute,
  request: FastifyRequest,
  place: Ambient & Place,
  answer: unknown,
): Promise<void> {
  await guarded(app, async () => {
    const caller = request.getDecorator<Caller>('caller') ?? (await newcomer(app, answer));
    const actor = caller === null ? NOBODY : auditActorOf(caller);
    const subjectId = NAME_ACCOUNTS.includes(route.tag) ? await namedAccount(app, request) : null;
    const places = placesOf(await knownPlace(app, request, place, answer), caller);
    return { ...factsOf(route.operation, request), ...places, actor, subjectId };
  });
}

/**
 * Notes a wrong password for an account, in the background: whoever guesses must not see by the time of the reply whether there is such an account.
 * Nothing is noted of unknown accounts, of customers, and while the throttle refuses to look.
 */
export function auditRefusal(app: HttpApp, route: AuditedRoute, request: FastifyRequest, error: unknown): void {
  if (!LOG_INS.includes(route.operation) || !(error instanceof DomainError) || error.code !== 'invalid_grant') return;
  void guarded(app, async () => {
    const body = fieldsOf(request.body);
    const { id: clientId } = clientCredentials(request, { client_id: textOf(body.client_id) });
    if (clientId !== undefined && (await isProductClient(app.ambient.store.db, clientId))) return undefined;
    const subjectId = await namedAccount(app, request);
    if (subjectId === null) return undefined;
    const facts = factsOf(`${route.operation}.refused`, request);
    return { ...facts, actor: NOBODY, subjectId, productId: null, organizationId: null };
  });
}

async function guarded(app: HttpApp, facts: () => Promise<AuditFacts | undefined>): Promise<void> {
  try {
    const entry = await facts();
    if (entry !== undefined) await recordEntry(app.ambient, entry);
  } catch (error) {
    app.ambient.log.error({ error: errorMessage(error) }, 'an audit entry could not be written');
  }
}

/** Whoever a token was made for by a request that came without one. */
async function newcomer(app: HttpApp, answer: unknown): Promise<TokenActor | null> {
  const token = textOf(fieldsOf(answer).access_token);
  return token === undefined ? null : ((await actorOfToken(app.ambient, token)) ?? null);
}

function auditActorOf(caller: NonNullable<Caller>): AuditActor {
  if (!('kind' in caller)) return { kind: 'user', id: caller.userId, name: caller.username };
  const name = caller.kind === 'product' ? caller.clientId : caller.username;
  return { kind: caller.kind, id: subjectIdOf(caller), name };
}

interface Place {
  readonly product?: Pick<Product, 'id' | 'owner'>;
  readonly organization?: Pick<Organization, 'id'>;
}

/** The place that the door entered; for a route that is no place's, the product that its path names or that it has just made. */
async function knownPlace(app: HttpApp, request: FastifyRequest, entered: Place, answer: unknown): Promise<Place> {
  if (entered.product !== undefined) return entered;
  const { productIdOrSlug, productId } = fieldsOf(request.params);
  const made = fieldsOf(fieldsOf(answer).product).id;
  const selector = textOf(productIdOrSlug) ?? textOf(productId) ?? (typeof made === 'number' ? made : undefined);
  const product = selector === undefined ? undefined : await findProduct(app.ambient.store.db, selector);
  return product === undefined ? entered : { product };
}

/** The place of the route, else the place that the caller's token belongs to. */
function placesOf({ product, organization }: Place, caller: Caller): Pick<AuditFacts, 'productId' | 'organizationId'> {
  if (product !== undefined) {
    const { id, owner } = product;
    return { productId: id, organizationId: owner.kind === 'organization' ? owner.id : null };
  }
  if (organization !== undefined) return { productId: null, organizationId: organization.id };
  if (caller === null || !('kind' in caller) || caller.kind === 'user')
    return { productId: null, organizationId: null };
  if (caller.kind !== 'api_user') return { productId: caller.productId, organizationId: null };
  return caller.teamKind === 'product'
    ? { productId: Number(caller.teamId), organizationId: null }
    : { productId: null, organizationId: caller.teamId };
}

/** The id of the account that the path or the body names. */
async function namedAccount(app: HttpApp, request: FastifyRequest): Promise<string | null> {
  const username = textOf(fieldsOf(request.params).username) ?? textOf(fieldsOf(request.body).username);
  if (username === undefined) return null;
  return (await findUserByName(app.ambient, username))?.id ?? null;
}

function factsOf(operation: string, request: FastifyRequest) {
  const params = Object.entries(fieldsOf(request.params)).map(([name, value]) => [name, masked(name, String(value))]);
  const fields = Object.entries(fieldsOf(request.body))
    .filter(([name, value]) => value !== undefined && name !== 'access_token')
    .slice(0, MOST_FIELDS)
    .map(([name]) => name.slice(0, LONGEST_FIELD));
  const object = { params: Object.fromEntries(params) as Record<string, string>, fields };
  return { address: request.ip, operation, object, requestId: request.id };
}

function masked(name: string, value: string): string {
  return SECRET_PARAMS.test(name) ? '***' : value.slice(0, LONGEST_PARAM).replace(SECRET_SHAPE, '***');
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
  return plain ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
