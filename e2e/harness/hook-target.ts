import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { eventually } from './eventually.ts';

export interface HookRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The other end of webhooks: answers every request with `reply` and remembers it. */
export class HookTarget {
  /** Without a slash at the end. */
  readonly url: string;
  readonly requests: HookRequest[] = [];
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async open(reply = 'thanks'): Promise<HookTarget> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the target has no port');
    const target = new HookTarget(server, address.port);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method = '', url: path = '', headers } = request;
      target.requests.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
      response.end(reply);
    });
    return target;
  }

  /** The first request that has come, or will, to this path. */
  received(path: string): Promise<HookRequest> {
    return eventually(`a request to ${path}`, () => this.requests.find((request) => request.path === path));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
