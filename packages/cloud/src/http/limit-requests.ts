import type { Route } from '@cloudchamber/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addressBlock } from '../domain/address-block.ts';
import type { TokenActor } from '../domain/context.ts';
import type { HttpApp } from './http-app.ts';
import { ALL_REQUESTS, type RateLimits } from './rate-limits.ts';
import type { Caller } from './route-door.ts';

/** Counts every request by its address, also those that no route takes. */
export function limitAllRequests(fastify: FastifyInstance, limits: RateLimits): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    try {
      limits.take('all', addressBlock(request.ip), ALL_REQUESTS);
    } catch (error) {
      return done(error instanceof Error ? error : new Error('refused', { cause: error }));
    }
    done();
  });
}

/** Counts a request by its address where the route says so. @throws DomainError of `RateLimits.take` */
export function limitByAddress({ limits }: HttpApp, route: Limited, request: FastifyRequest): void {
  if (route.limit?.per === 'address') limits?.take(bucket(route), addressBlock(request.ip), route.limit);
}

/** Counts a request by who sent it where the route says so. @throws DomainError of `RateLimits.take` */
export function limitByCaller({ limits }: HttpApp, route: Limited, caller: Caller): void {
  if (route.limit?.per === 'user' && caller !== null) limits?.take(bucket(route), subjectOf(caller), route.limit);
}

type Limited = Pick<Route, 'limit' | 'operation'>;

function bucket({ limit, operation }: Limited): string {
  return limit?.together ?? operation;
}

/** Whoever the token belongs to: many tokens of one account count as one. */
function subjectOf(caller: NonNullable<Caller>): string {
  return 'kind' in caller ? `${caller.kind} ${idOf(caller)}` : `user ${caller.userId}`;
}

function idOf(actor: TokenActor): string {
  switch (actor.kind) {
    case 'user':
      return actor.userId;
    case 'customer':
      return actor.customerId;
    case 'product':
      return String(actor.productId);
    case 'api_user':
      return actor.apiUserId;
  }
}
