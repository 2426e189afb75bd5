import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (request: IncomingMessage, reply: ServerResponse) => void;

/** Something that answers where a cloud should be, as a test says. */
export interface ScriptedCloud extends AsyncDisposable {
  readonly url: string;
  /** Answers every request from now on. */
  answer(how: Answer): void;
  /** Requests so far: method, path, and their Authorization header. */
  readonly asked: readonly { readonly line: string; readonly authorization: string | undefined }[];
}

export async function startScriptedCloud(): Promise<ScriptedCloud> {
  let how: Answer = (_request, reply) => reply.writeHead(404).end();
  const asked: { line: string; authorization: string | undefined }[] = [];
  const server = createServer((request, reply) => {
    asked.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization });
    how(request, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer: (next) => {
      how = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A reply as the cloud words them. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_request, reply) =>
    reply
      .writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req-4711', ...headers })
      .end(JSON.stringify(body));
}
