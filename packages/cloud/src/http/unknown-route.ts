import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusal } from './error-mapping.ts';

/** Answers what is a page and no route; undefined for anything else. */
export type PageReply = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/**
 * Answers what no route takes: 405 with `Allow` when the path has other methods, else the page that is there, else 404; refusals as JSON (section 1 of the
 * API notes).
 */
export function addUnknownRouteReply(fastify: FastifyInstance, page: PageReply): void {
  const known: { readonly method: string; readonly segments: readonly string[] }[] = [];
  fastify.addHook('onRoute', ({ method, url, schema }) => {
    if (schema?.hide === true) return;
    for (const one of Array.isArray(method) ? method : [method]) known.push({ method: one, segments: segmentsOf(url) });
  });
  fastify.setNotFoundHandler(async (request, reply) => {
    const path = segmentsOf(request.url.replace(/[?#].*$/, ''));
    const allowed = [...new Set(known.filter(({ segments }) => fits(segments, path)).map(({ method }) => method))];
    const answered = allowed.length === 0 ? await page(request, reply) : undefined;
    if (answered !== undefined) return answered;
    const { status, body } =
      allowed.length === 0
        ? refusal(404, 'not_found', 'There is no such route')
        : refusal(405, 'method_not_allowed', `This route takes ${allowed.join(', ')}`);
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    return reply.code(status).send(body);
  });
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.at(-1) === '*')
    return path.length >= pattern.length && fits(pattern.slice(0, -1), path.slice(0, pattern.length - 1));
  return (
    pattern.length === path.length && pattern.every((segment, at) => segment.startsWith(':') || segment === path[at])
  );
}
