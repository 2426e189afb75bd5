import { type Access, errorBody, type Responses, type Route } from '@cloudchamber/contract';
import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../domain/domain-error.ts';
import { auditRefusal, auditSuccess, isAudited } from './audit-hook.ts';
import { type ErrorReply, replyForError, sendError } from './error-mapping.ts';
import type { ContextFor, HttpApp, RouteHandler } from './http-app.ts';
import { limitByAddress, limitByCaller } from './limit-requests.ts';
import { type Caller, contextFor, identify } from './route-door.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route was registered from. */
    readonly contract?: Route;
  }
}

export interface RouteOptions {
  /** For a family whose clients want a body of their own: the reply for a refusal, or undefined for the usual one. */
  readonly renderError?: (error: DomainError) => ErrorReply | undefined;
}

/** What the audit log wants of a request that its handler took: where it is, and the body of its reply unless the handler sent it. */
interface Noted {
  readonly ctx: Parameters<typeof auditSuccess>[3];
  answer?: unknown;
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
    config: { contract: route },
    ...(route.limit?.per === 'address' && {
      onRequest: async (request: FastifyRequest) => limitByAddress(app, route, request),
    }),
    preValidation: async (request) => {
      const caller = await identify(app, route.access, request);
      limitByCaller(app, route, caller);
      request.setDecorator('caller', caller);
      if (BODY_METHODS.includes(route.method)) request.body ??= {};
    },
    handler: async (request, reply) => {
      const entering = contextFor(app, route, request, request.getDecorator<Caller>('caller'));
      const ctx = entering instanceof Promise ? await entering : entering;
      const noted: Noted = { ctx };
      request.setDecorator('noted', noted);
      const answer = await handler({
        params: request.params as z.output<P>,
        query: request.query as z.output<Q>,
        body: request.body as z.output<B>,
        ctx: ctx as ContextFor<A>,
        request,
        reply,
      });
      if (answer === reply || reply.sent) return reply;
      noted.answer = answer;
      return sendAnswer(reply, status, answer);
    },
    // Here, since pages and redirections are sent by their handlers: no reply of an audited route goes out before its entry is written.
    ...(isAudited(route) && {
      onSend: async (request: FastifyRequest, reply: FastifyReply) => {
        const noted = request.getDecorator<Noted | null>('noted');
        if (noted === null || reply.statusCode >= 400) return;
        await auditSuccess(app, route, request, noted.ctx, noted.answer);
      },
    }),
    errorHandler: (error, request, reply) => {
      auditRefusal(app, route, request, error);
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

const SECURITY: Record<Access, FastifySchema['security']> = {
  public: [],
  basic: [{ basic: [] }, { bearer: [] }],
  token: [{ bearer: [] }],
  user: [{ bearer: [] }],
  owner: [{ bearer: [] }],
  product: [{ bearer: [] }],
  organization: [{ bearer: [] }],
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
