import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusal } from './error-mapping.ts';
import { installPowerShell, installScript } from './install-script.ts';

interface InstallOptions {
  /** Where people reach this server, without a slash at the end. */
  readonly publicUrl: string;
  /** The packed command line, absolute; it may be made while the server runs. Undefined where there is none to give. */
  readonly tarball: string | undefined;
}

const CACHE = 'public, max-age=300';

/** Serves the command line to whoever wants to install it: the scripts and the package (CLI-01). */
export function addInstallation(fastify: FastifyInstance, { publicUrl, tarball }: InstallOptions): void {
  const scripts = new Map([
    ['/install-cli', { type: 'text/x-shellscript; charset=utf-8', text: installScript(publicUrl) }],
    ['/install-cli.ps1', { type: 'text/plain; charset=utf-8', text: installPowerShell(publicUrl) }],
  ]);
  const hidden = { method: ['GET', 'HEAD'], schema: { hide: true } };
  for (const [url, { type, text }] of scripts) {
    fastify.route({
      ...hidden,
      url,
      handler: (_request, reply) => reply.header('cache-control', CACHE).type(type).send(text),
    });
  }
  fastify.route({
    ...hidden,
    url: '/install-cli/chamber.tgz',
    handler: (request, reply) => sendPackage(request, reply, tarball),
  });
}

async function sendPackage(
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
  path: string | undefined,
): Promise<FastifyReply> {
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || found === undefined) {
    const why =
      path === undefined
        ? 'This cloud was installed with the command line and does not give it out: use npm'
        : 'The command line is not packed yet: try again in a minute';
    return reply.code(404).send(refusal(404, 'not_found', why).body);
  }
  const tag = `"${found.size.toString(16)}-${Math.round(found.mtimeMs).toString(16)}"`;
  reply.header('cache-control', CACHE).header('etag', tag);
  if (headers['if-none-match'] === tag) return reply.code(304).send();
  reply.type('application/gzip').header('content-length', found.size);
  return method === 'HEAD' ? reply.send() : reply.send(createReadStream(path));
}
