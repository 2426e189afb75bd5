import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reader, TenantModel, TenantWorld } from './tenant-world.ts';

/** An open event stream of a tenant, and which events it must have shown, in order. */
interface OpenStream {
  readonly expected: string[];
  readonly shown: string[];
  readonly changed: () => Promise<void>;
  readonly close: () => void;
}

/** The event streams of every tenant's account, customer and product token. */
export class TenantStreams {
  readonly #world: TenantWorld;
  readonly #streams = new Map<string, OpenStream>();

  constructor(world: TenantWorld) {
    this.#world = world;
  }

  async open(tenant: TenantModel, reader: Reader): Promise<void> {
    const [customer] = tenant.customers;
    const token = { account: tenant.token, customer: customer?.token ?? '', product: tenant.productToken }[reader];
    const path = reader === 'product' ? `/v1/products/${tenant.productId}/events` : '/v1/devices/events';
    const { port } = this.#world.server.fastify.server.address() as AddressInfo;
    this.#streams.set(keyOf(tenant, reader), await openStream(port, path, token));
  }

  expect(tenant: TenantModel, reader: Reader, event: string): void {
    this.#streams.get(keyOf(tenant, reader))?.expected.push(event);
  }

  /** Waits until every stream has shown as much as it must. @returns what each has shown and should have */
  async settle(): Promise<{ readonly shown: Record<string, string[]>; readonly expected: Record<string, string[]> }> {
    for (const stream of this.#streams.values()) {
      while (stream.shown.length < stream.expected.length) await stream.changed();
    }
    const take = (list: 'shown' | 'expected') =>
      Object.fromEntries([...this.#streams].map(([key, stream]) => [key, stream[list].splice(0)]));
    return { shown: take('shown'), expected: take('expected') };
  }

  close(tenant: TenantModel, reader: Reader): void {
    this.#streams.get(keyOf(tenant, reader))?.close();
    this.#streams.delete(keyOf(tenant, reader));
  }

  closeAll(): void {
    for (const stream of this.#streams.values()) stream.close();
  }
}

function keyOf(tenant: TenantModel, reader: Reader): string {
  return `${reader} ${tenant.number}`;
}

function openStream(port: number, path: string, token: string): Promise<OpenStream> {
  const { promise, resolve, reject } = Promise.withResolvers<OpenStream>();
  const shown: string[] = [];
  let waiting: (() => void) | undefined;
  const request = get({ host: '127.0.0.1', port, path, headers: { authorization: `Bearer ${token}` } }, (reply) => {
    if (reply.statusCode !== 200) reject(new Error(`the stream ${path} answered ${reply.statusCode}`));
    let rest = '';
    reply.setEncoding('utf8');
    reply.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('event: ev-')) shown.push(line.slice(7));
      waiting?.();
      resolve(stream);
    });
    reply.on('error', () => {});
  });
  const stream: OpenStream = {
    expected: [],
    shown,
    changed: () =>
      new Promise((done) => {
        waiting = done;
      }),
    close: () => request.destroy(),
  };
  request.on('error', reject);
  return promise;
}
