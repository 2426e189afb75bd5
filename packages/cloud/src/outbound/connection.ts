import type { Socket } from 'node:net';
import { minutes } from '@cloudchamber/kernel';
import { Client, type Dispatcher } from 'undici';
import { errorCode } from './error-code.ts';
import { OutboundError } from './outbound-error.ts';
import { readBody } from './read-body.ts';
import type { OutboundMethod, OutboundReply } from './request.ts';

/** What is written to a connection. */
export interface ConnectionRequest {
  readonly method: OutboundMethod;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | undefined;
  readonly mostResponseBytes: number;
  readonly signal: AbortSignal;
}

/** A connection that had carried requests ended before anything of the next one was written to it: that can go over another. */
export class ConnectionGone extends Error {}

const MOST_HEADER_BYTES = 16_384;
/** A backstop: whoever keeps a connection ends it earlier. */
const IDLE_MS = minutes(1);

/** One socket that carries one request after the other, and is never replaced by another one behind the caller's back. */
export class Connection {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #host: string;
  #used = false;

  /**
   * @param origin what the Host header is made of
   * @param host the name for messages
   * @param socket connected, with TLS started where that is wanted
   */
  constructor({ origin, host, socket }: { origin: string; host: string; socket: Socket }) {
    this.#socket = socket;
    this.#host = host;
    let handedOver = false;
    this.#client = new Client(origin, {
      connect: (_options, done) => {
        // The client forgets its request when it is answered at once.
        queueMicrotask(() => {
          if (handedOver || socket.destroyed) return done(new ConnectionGone(), null);
          handedOver = true;
          done(null, socket);
        });
      },
      // The one deadline of a request is the signal's.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MOST_HEADER_BYTES,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
    });
  }

  /** Whether another request can be written to it. */
  get open(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Calls `run` once when the socket is closed. */
  onClose(run: () => void): void {
    this.#socket.once('close', run);
  }

  /**
   * Sends a request and collects its reply. The connection is destroyed unless all of it arrived.
   * @throws OutboundError `unreachable`, `too_large` or `tls`; the signal's reason when it aborts; ConnectionGone
   */
  async send({ mostResponseBytes, signal, body, ...request }: ConnectionRequest): Promise<OutboundReply> {
    const used = this.#used;
    const written = this.#socket.bytesWritten;
    this.#used = true;
    const stop = (): void => this.destroy();
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      const reply = await this.#client.request({ ...request, body: body ?? null });
      return await this.#readReply(reply, mostResponseBytes);
    } catch (error) {
      this.destroy();
      signal.throwIfAborted();
      if (error instanceof OutboundError) throw error;
      if (used && this.#socket.bytesWritten === written) throw new ConnectionGone();
      throw replyFailure(this.#host, error);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  destroy(): void {
    this.#socket.destroy();
    this.#client.destroy().catch(() => {});
  }

  async #readReply(reply: Dispatcher.ResponseData, mostBytes: number): Promise<OutboundReply> {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(reply.headers)) {
      if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    const body = await readBody(reply.body, headers['content-encoding'] ?? '', { host: this.#host, mostBytes });
    const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
    const contentType = mediaType.trim().toLowerCase();
    return { status: reply.statusCode, headers, body, contentType: contentType === '' ? undefined : contentType };
  }
}

function replyFailure(host: string, error: unknown): OutboundError {
  const code = String(errorCode(error));
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new OutboundError(
      'too_large',
      `The headers of the reply of ${host} have more than ${MOST_HEADER_BYTES} bytes`,
    );
  }
  if (code.startsWith('HPE_')) {
    return new OutboundError('unreachable', `What ${host} sent is not an HTTP reply; check the port of the URL`);
  }
  if (code.startsWith('ERR_SSL_')) return new OutboundError('tls', `${host} ended the TLS connection`);
  return new OutboundError('unreachable', `${host} closed the connection before its reply was complete`);
}
