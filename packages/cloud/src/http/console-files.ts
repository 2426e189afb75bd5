import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import files from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendConsoleMissing } from './pages/console-missing-page.ts';
import type { PageReply } from './unknown-route.ts';

/** The console loads nothing from another host, and nobody frames it. Its styles are set by scripts, so they may stand in elements. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

const PAGE_HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};

/** The first parts of paths that are no page of the console. */
const OTHERS: readonly string[] = ['v1', 'oauth', 'healthz', 'readyz', 'metrics', 'assets', 'install-cli'];
/** Such as `/favicon.svg`; no folder, no hidden file. */
const TOP_FILE = /^\/[A-Za-z0-9][\w-]*\.(?:svg|png|ico|txt|webmanifest)$/;
const READING: readonly string[] = ['GET', 'HEAD'];

/**
 * Serves the built console: what is under `/assets` has its hash in its name and is kept by browsers for good; every path that a browser goes to and that no
 * route takes is its one page, which knows the rest.
 * @param dir absolute; it may be made while the server runs, and then its page says how until then
 * @returns what answers pages
 */
export async function addConsole(fastify: FastifyInstance, dir: string | undefined): Promise<PageReply> {
  if (dir !== undefined) {
    const shared = { preCompressed: true, suppressWarning: true };
    await fastify.register(files, { ...shared, root: dir, serve: false, cacheControl: false });
    await fastify.register(files, {
      ...shared,
      root: join(dir, 'assets'),
      prefix: '/assets/',
      decorateReply: false,
      index: false,
      immutable: true,
      maxAge: '365d',
    });
  }
  return async (request, reply) => {
    const path = request.url.replace(/[?#].*$/, '');
    if (!READING.includes(request.method)) return undefined;
    if (dir !== undefined && TOP_FILE.test(path)) {
      if (!(await isFile(join(dir, path)))) return undefined;
      return reply.header('cache-control', 'no-cache').sendFile(path.slice(1));
    }
    if (!isPage(path, request)) return undefined;
    if (dir === undefined || !(await isFile(join(dir, 'index.html')))) return sendConsoleMissing(reply);
    return reply.code(200).headers(PAGE_HEADERS).sendFile('index.html');
  };
}

function isPage(path: string, { headers }: FastifyRequest): boolean {
  if (path === '/') return true;
  const [first = ''] = path.split('/').filter((part) => part !== '');
  return !OTHERS.includes(first.toLowerCase()) && /\btext\/html\b/i.test(headers.accept ?? '');
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
