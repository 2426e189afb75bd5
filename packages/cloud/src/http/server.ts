import type { Socket } from 'node:net';
import { seconds } from '@cloudchamber/kernel';
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import type { Ambient } from '../domain/context.ts';
import { addBodyParsers } from './body-parsers.ts';
import { addConsole } from './console-files.ts';
import { replyForError, sendError } from './error-mapping.ts';
import { parseQuery } from './form-body.ts';
import type { Authenticator, HttpApp } from './http-app.ts';
import { addInstallation } from './install-cli.ts';
import { limitAllRequests } from './limit-requests.ts';
import { addOpenApi } from './openapi.ts';
import { RateLimits } from './rate-limits.ts';
import { requestIds } from './request-ids.ts';
import { addRequestLog } from './request-log.ts';
import { addUnknownRouteReply } from './unknown-route.ts';

/** The routes of one domain. */
export type RouteModule = (app: HttpApp) => void;

export interface ServerOptions {
  readonly ambient: Ambient;
  readonly authenticator: Authenticator;
  readonly metrics: Registry;
  readonly routes: readonly RouteModule[];
  /** Largest request body; a route may set its own. */
  readonly bodyLimitBytes?: number;
  /** Whether clients are held to the limits of section 4.1 of the API notes. */
  readonly rateLimits?: boolean;
  /** Proxies whose X-Forwarded-For is believed, as addresses and networks; nobody's when empty. */
  readonly trustProxy?: readonly string[];
  /** The folder of the built console; without it the pages say how to build it. */
  readonly consoleDir?: string | undefined;
  /** What `/install-cli` installs: the packed command line, and the address that it is for; absent, there is no such page. */
  readonly installation?: { readonly publicUrl: string; readonly tarball: string | undefined } | undefined;
}

const DEFAULT_BODY_LIMIT = 1_048_576;
/** A request that has not arrived whole after this is dropped. */
const REQUEST_TIMEOUT_MS = 60_000;
/** What is under way when the server closes has this long; whoever holds a connection open longer does not hold up the end. */
const CLOSING_MS = seconds(3);

/**
 * The HTTP server with all its routes, not listening yet; `close()` gives the requests under way 3 s to finish. Whoever keeps replies open ends them in a
 * `preClose` hook.
 */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { ambient, authenticator, rateLimits = false, trustProxy = [] } = options;
  const limits = rateLimits ? new RateLimits(ambient.clock) : undefined;
  const fastify = Fastify({
    logger: false,
    genReqId: requestIds(ambient.entropy),
    bodyLimit: options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: trustProxy.length > 0 && [...trustProxy],
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 2048, querystringParser: parseQuery },
    clientErrorHandler: (_error, socket) => refuseBadHttp(socket),
    frameworkErrors: (error, request, reply: FastifyReply) => {
      sendError(reply, replyForError(error, request.id, ambient.log));
    },
  });
  fastify.setValidatorCompiler(validatorCompiler);
  fastify.setSerializerCompiler(serializerCompiler);
  fastify.decorateRequest('caller', null);
  fastify.decorateRequest('noted', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers({ 'x-request-id': request.id, ...REPLY_HEADERS });
    done();
  });
  fastify.addHook('preClose', async () => {
    const timer = ambient.clock.after(CLOSING_MS, () => fastify.server.closeAllConnections());
    fastify.server.once('close', () => timer.cancel());
  });
  addRequestLog(fastify, ambient.log, options.metrics);
  addUnknownRouteReply(fastify, await addConsole(fastify, options.consoleDir));
  fastify.setErrorHandler((error, request, reply: FastifyReply) =>
    sendError(reply, replyForError(error, request.id, ambient.log)),
  );
  // The plugin answers preflights only: what it would do for every other request are two headers that never change.
  await fastify.register(async (preflights) => preflights.register(cors, corsOptions));
  if (limits) limitAllRequests(fastify, limits);
  addBodyParsers(fastify);
  await addOpenApi(fastify);
  if (options.installation) addInstallation(fastify, options.installation);
  for (const register of options.routes) register({ fastify, ambient, authenticator, limits });
  await fastify.ready();
  return fastify;
}

const EXPOSED_HEADERS = ['Retry-After', 'X-Request-Id'];

/** Of every reply. */
const REPLY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
};

/**
 * Pages of any origin may call with a token in a header (section 1 of the API notes). The cookie of the console is of no use to them: browsers keep replies
 * to requests with cookies from them, `own-origin.ts` refuses these, and the header that changes need is none of those allowed here.
 */
const corsOptions = {
  origin: '*',
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  allowedHeaders: [
    'Authorization',
    'Content-Type',
    'Accept',
    'X-Particle-Tool',
    'X-Particle-Project',
    'X-Requested-With',
    'Cache-Control',
    'Last-Event-ID',
  ],
  exposedHeaders: EXPOSED_HEADERS,
  maxAge: 600,
  optionsSuccessStatus: 204,
  strictPreflight: false,
};

/** What cannot even be parsed as HTTP. */
function refuseBadHttp(socket: Socket): void {
  if (socket.destroyed || !socket.writable) return;
  const body = JSON.stringify({ error: 'invalid_request', error_description: 'This is not a valid HTTP request' });
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
