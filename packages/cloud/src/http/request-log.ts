import type { Logger } from '@cloudchamber/kernel';
import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { maskedUrl } from './masked-url.ts';

/** One log line and one measurement per answered request. Headers and bodies are never logged, URLs without their tokens. */
export function addRequestLog(fastify: FastifyInstance, log: Logger, metrics: Registry): void {
  const seconds = new Histogram({
    name: 'chamber_http_request_seconds',
    help: 'Time from the request to the end of its reply, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers: [metrics],
  });
  const observers = new Map<string, { observe(seconds: number): void }>();
  const observerOf = (method: string, route: string, status: number) => {
    const key = `${method} ${status} ${route}`;
    const observer = observers.get(key) ?? seconds.labels({ method, route, status });
    observers.set(key, observer);
    return observer;
  };
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    observerOf(request.method, route, reply.statusCode).observe(reply.elapsedTime / 1000);
    done();
    if (log.isLevelEnabled?.('info') === false) return;
    log.info(
      {
        request: request.id,
        method: request.method,
        url: maskedUrl(request.url),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        address: request.ip,
      },
      'request',
    );
  });
}
