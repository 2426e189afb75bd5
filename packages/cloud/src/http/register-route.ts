import { type Access, errorBody, type Responses, type Route } from '@cloudchamber/contract';
import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { z } from 'zod';
import type { UserActor } from '../domain/accounts/index.ts';
import { DomainError } from '../domain/domain-error.ts';
import { type ErrorReply, replyForError, sendError } from './error-mapping.ts';
import type { Account, ContextFor, HttpApp, RouteHandler } from './http-app.ts';

export interface RouteOptions {
  /** For a family whose clients want a body of their own: the reply for a refusal, or undefined for the usual one. */
  readonly renderError?: (error: DomainError) => ErrorReply | undefined;
}

/** Bodies are parsed from these on every method that has one. */
const BODY_METHODS: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Registers a route of the contract: who may call it is checked first, then params, query and body are parsed by its schemas, then `handler` runs.
 * What the handler returns becomes the body under the route's success status (200 where it has one).
 */
export function registerRoute<
  A extends Access,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends Responses,
>(app: HttpApp, route: Route<A, P, Q, B, R>, handler: RouteHandler<A, P, Q, B, R>, options: RouteOptions = {}): void {
  const status = successStatus(route.responses);
  app.fastify.route({
    method: route.method,
    url: route.path,
    schema: schemaOf(route),
    preValidation: async (request) => {
      request.setDecorator('caller', await identify(app, route.access, request));
      if (BODY_METHODS.includes(route.method)) request.body ??= {};
    },
    handler: async (request, reply) => {
      const ctx = contextFor(app, route.access, request.getDecorator<UserActor | Account | null>('caller'));
      const answer = await handler({
        params: request.params as z.output<P>,
        query: request.query as z.output<Q>,
        body: request.body as z.output<B>,
        ctx: ctx as ContextFor<A>,
        request,
        reply,
      });
      if (answer === reply || reply.sent) return reply;
      return sendAnswer(reply, status, answer);
    },
    errorHandler: (error, request, reply) => {
      const special = error instanceof DomainError ? options.renderError?.(error) : undefined;
      sendError(reply, special ?? replyForError(error, request.id, app.ambient.log));
    },
  });
}

function sendAnswer(reply: FastifyReply, status: number, answer: unknown): FastifyReply {
  if (reply.statusCode === 200) reply.code(status);
  return answer === undefined ? reply.send() : reply.send(answer);
}

function successStatus(responses: Responses): number {
  const [first] = Object.keys(responses);
  return first === undefined || responses[200] !== undefined ? 200 : Number(first);
}

async function identify(app: HttpApp, access: Access, request: FastifyRequest): Promise<UserActor | Account | null> {
  if (access === 'public') return null;
  if (access === 'basic') return app.authenticator.basic(request);
  const actor = await app.authenticator.token(request);
  if (access === 'operator' && !actor.operator) {
    throw new DomainError('forbidden', 'operator_only', 'Only an operator of this server may do that');
  }
  return actor;
}

function contextFor(app: HttpApp, access: Access, caller: UserActor | Account | null): ContextFor<Access> {
  if (access === 'public') return app.ambient;
  return access === 'basic'
    ? { ...app.ambient, account: caller as Account }
    : { ...app.ambient, actor: caller as UserActor };
}

const SECURITY: Record<Access, FastifySchema['security']> = {
  public: [],
  basic: [{ basic: [] }, { bearer: [] }],
  token: [{ bearer: [] }],
  operator: [{ bearer: [] }],
};

function schemaOf(route: Route): FastifySchema {
  return {
    operationId: route.operation,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    security: SECURITY[route.access] ?? [],
    ...(route.params && { params: route.params }),
    ...(route.query && { querystring: route.query }),
    ...(route.body && { body: route.body }),
    ...(route.body && { consumes: ['application/json', 'application/x-www-form-urlencoded'] }),
    response: {
      ...Object.fromEntries(Object.entries(route.responses).map(([code, body]) => [code, responseOf(route, body)])),
      '4xx': errorBody,
      '5xx': errorBody,
    },
  };
}

function responseOf(route: Route, body: z.ZodType): unknown {
  if (route.produces === undefined) return body;
  return { description: route.summary, content: { [route.produces]: { schema: z.string() } } };
}
