import type http from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { Asked, Reply } from '@cloudchamber/contract/client';

/** Not `import`: that reads every export, which loads the platform's whole `fetch` with `WebSocket`, 50 ms of it. */
const load = createRequire(import.meta.url);

/** Larger replies are refused: nothing of ours is. */
const MOST_BYTES = 64 * 1024 * 1024;
/** A server that says nothing for so long is gone; the longest it may take by itself is 30 s for a device. */
const SILENCE_MS = 90_000;

/** A reply with its bytes as well. */
export interface HttpReply extends Reply {
  readonly bytes: Uint8Array;
}

/**
 * A small `fetch` over `node:http`, for replies of bounded size. The platform's own takes ten times as long to load, which commands would wait for; forms and
 * streams use it all the same.
 * @throws Error when there is no reply: the address, the network, a proxy, or the abort
 */
export async function httpFetch(address: string, asked: Asked): Promise<HttpReply> {
  const { method, headers, body, signal } = asked;
  if (body !== undefined && typeof body !== 'string') {
    return fromPlatform(await fetch(address, { method, headers, body, ...(signal && { signal }) }));
  }
  const secure = address.startsWith('https:');
  const { request }: typeof http = load(secure ? 'node:https' : 'node:http');
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = request(address, {
      method,
      headers: { ...headers, ...length },
      ...(signal && { signal }),
    });
    sent.setTimeout(SILENCE_MS, () => sent.destroy(new Error(`no reply within ${SILENCE_MS / 1000} seconds`)));
    sent.once('error', reject);
    sent.once('response', (reply) => read(reply).then(resolve, reject));
    sent.end(body);
  });
}

function read(reply: IncomingMessage): Promise<HttpReply> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    reply.on('data', (piece: Uint8Array) => {
      length += piece.byteLength;
      if (length > MOST_BYTES) reply.destroy(new Error(`a reply of more than ${MOST_BYTES / 1024 / 1024} MB`));
      else pieces.push(piece);
    });
    reply.once('error', reject);
    reply.once('end', () => resolve(whole(reply, Buffer.concat(pieces))));
  });
}

function whole(reply: IncomingMessage, bytes: Buffer): HttpReply {
  const status = reply.statusCode ?? 0;
  return {
    ok: status >= 200 && status < 300,
    status,
    headers: {
      get: (name) => {
        const value = reply.headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(', ') : (value ?? null);
      },
    },
    bytes,
    text: async () => bytes.toString('utf8'),
  };
}

async function fromPlatform(reply: Response): Promise<HttpReply> {
  const bytes = new Uint8Array(await reply.arrayBuffer());
  const { ok, status, headers } = reply;
  return { ok, status, headers, bytes, text: async () => Buffer.from(bytes).toString('utf8') };
}
