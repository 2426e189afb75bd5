import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** How one request is treated. */
type Manner = 'ok' | 'error' | 'later' | 'cut' | 'short' | 'garbage' | 'huge' | 'silent' | 'drip';

/** Of a hundred first attempts; the rest is taken at once. */
const MISDEEDS: readonly (readonly [Manner, number])[] = [
  ['error', 8],
  ['later', 5],
  ['cut', 5],
  ['short', 4],
  ['garbage', 4],
  ['huge', 2],
];
/** These take the whole 20 s of a request, so there are only a few. */
const SLOW: readonly Manner[] = ['silent', 'drip'];
const SLOW_EACH = 2;
const HUGE = Buffer.alloc(2_000_000, 'x');

/** What the endpoint knows of one event. */
export interface Received {
  readonly data: string;
  readonly requests: number;
  /** Requests that were answered with 200, in full. */
  readonly accepted: number;
}

/** A webhook's server on this machine that misbehaves at the first attempts of many events, in every way, and takes all later ones. */
export class WebhookEndpoint {
  readonly #secret: string;
  readonly #received = new Map<string, { data: string; requests: number; accepted: number }>();
  readonly #manners = new Map<Manner, number>();
  /** Requests without a good signature, or that contradict another one of the same id. */
  readonly wrong: string[] = [];
  #server: Server | undefined;
  #port = 0;
  behaves = false;

  /** @param secret `whsec_` and Base64 */
  constructor(secret: string) {
    this.#secret = secret;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/in`;
  }

  /** By `webhook-id`. */
  get received(): ReadonlyMap<string, Received> {
    return this.#received;
  }

  /** How often each manner was shown. */
  get manners(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#manners);
  }

  /** Listens, on the same port as before. */
  async open(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response).catch(() => {}));
    this.#server = server;
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Refuses connections, and ends those that there are. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const id = String(request.headers['webhook-id']);
    this.#verify(request, id, body);
    const data = new URLSearchParams(body).get('data') ?? '';
    const known = this.#received.get(id) ?? { data, requests: 0, accepted: 0 };
    if (known.data !== data) this.wrong.push(`${id} was ${known.data} and is ${data}`);
    this.#received.set(id, known);
    known.requests += 1;
    const manner = known.requests === 1 && !this.behaves ? this.#choose() : 'ok';
    this.#manners.set(manner, (this.#manners.get(manner) ?? 0) + 1);
    if (manner !== 'ok') return misbehave(manner, response);
    response.writeHead(200).end();
    await once(response, 'close');
    if (response.writableFinished) known.accepted += 1;
  }

  #verify({ headers }: IncomingMessage, id: string, body: string): void {
    const key = Buffer.from(this.#secret.slice('whsec_'.length), 'base64');
    const mac = createHmac('sha256', key).update(`${id}.${headers['webhook-timestamp']}.${body}`).digest('base64');
    if (headers['webhook-signature'] !== `v1,${mac}`) this.wrong.push(`${id} has a bad signature`);
  }

  #choose(): Manner {
    for (const manner of SLOW) if ((this.#manners.get(manner) ?? 0) < SLOW_EACH) return manner;
    let point = Math.random() * 100;
    for (const [manner, share] of MISDEEDS) {
      if (point < share) return manner;
      point -= share;
    }
    return 'ok';
  }
}

function misbehave(manner: Exclude<Manner, 'ok'>, response: ServerResponse): void {
  const { socket } = response;
  switch (manner) {
    case 'error':
      response.writeHead(500).end('broken');
      break;
    case 'later':
      response.writeHead(429, { 'retry-after': '1' }).end();
      break;
    case 'cut':
      socket?.destroy();
      break;
    case 'short':
      response.writeHead(200, { 'content-length': '1000' }).write('only this', () => socket?.destroy());
      break;
    case 'garbage':
      socket?.end('\0\x01 this is not HTTP\r\n\r\n');
      break;
    case 'huge':
      response.writeHead(200).end(HUGE);
      break;
    case 'drip': {
      response.writeHead(200, { 'content-length': '100000' });
      const timer = setInterval(() => response.write('x'), 500);
      response.on('close', () => clearInterval(timer));
      break;
    }
    case 'silent':
      break;
  }
}
