import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { streamedEvent } from '@cloudchamber/contract';
import { silentLogger } from '@cloudchamber/kernel';
import { VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InProcessBus } from '../bus/index.ts';
import { LiveHub, liveEvents } from '../domain/events/index.ts';
import type { StoredEvent } from '../store/index.ts';
import { eventFrame, FrameCache } from './sse-frame.ts';
import { SseStreams } from './sse-streams.ts';

const EVENT: StoredEvent = {
  sequence: 1,
  ownerId: 'ann',
  productId: null,
  deviceId: null,
  publisher: 'api',
  name: 'n',
  data: Buffer.from('line one\nline two\r\n\u2028'),
  contentFormat: 0,
  ttlSeconds: 60,
  publishedAt: 0,
};

describe('eventFrame', () => {
  it('is one line of JSON, whatever the data', () => {
    const lines = eventFrame(EVENT).toString().split('\n');
    expect(lines).toEqual(['event: n', expect.stringMatching(/^data: \{[^\n]*\}$/), 'id: 1', '', '']);
    const shown: unknown = JSON.parse((lines[1] ?? '').slice('data: '.length));
    expect(streamedEvent.parse(shown)).toMatchObject({ data: 'line one\nline two\r\n\u2028' });
  });

  it('is made once for all streams of an event', () => {
    const cache = new FrameCache();
    expect(cache.frame(EVENT)).toBe(cache.frame(EVENT));
    expect(cache.frame({ ...EVENT, name: 'm' }).toString()).toContain('event: m\n');
  });
});

describe('SseStreams', () => {
  let clock: VirtualClock;
  let bus: InProcessBus;
  let hub: LiveHub;
  let streams: SseStreams;
  let server: http.Server;
  /** What the server does with a request. */
  let serve: (out: http.ServerResponse) => void;

  beforeEach(async () => {
    clock = new VirtualClock();
    bus = new InProcessBus(silentLogger);
    hub = new LiveHub(bus, { organizationOf: () => null, load: async () => null });
    streams = new SseStreams(bus, clock);
    server = http.createServer((_request, out) => serve(out));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const open = (out: http.ServerResponse) =>
    streams.open({
      out,
      headers: {},
      feed: (reader) => ({
        position: () => 0,
        stop: hub.listen(
          { place: { kind: 'owner', id: 'ann' } },
          { event: (event) => reader.push(event), lost: () => reader.end('lost') },
        ),
      }),
      token: { id: 't', expiresAt: null },
      address: '::1',
    });
  const request = () => http.get({ port: (server.address() as AddressInfo).port }).on('error', () => {});

  it('opens no stream for a client that has gone already', async () => {
    const served = new Promise<void>((resolve) => {
      serve = (out) => {
        client.destroy();
        out.on('close', () => {
          open(out);
          resolve();
        });
      };
    });
    const client = request();
    await served;
    expect([streams.size, clock.pending]).toEqual([0, 0]);
  });

  it('writes the events of one turn together and forgets a client that goes', async () => {
    const closed = new Promise<void>((resolve) => {
      serve = (out) => {
        out.on('close', () => resolve());
        open(out);
      };
    });
    const client = request();
    const response = await new Promise<http.IncomingMessage>((resolve) => client.on('response', resolve));
    const chunks: string[] = [];
    const both = new Promise<void>((resolve) => {
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk.toString());
        if (chunk.includes('event: b\n')) resolve();
      });
    });
    await clock.settle();
    for (const name of ['a', 'b']) bus.publish(liveEvents, { ...EVENT, name });
    await both;
    expect(chunks.at(-1)).toMatch(/^event: a\n[^\n]*\nid: 1\n\nevent: b\n[^\n]*\nid: 1\n\n$/);
    expect(streams.size).toBe(1);
    client.destroy();
    await closed;
    expect([streams.size, clock.pending]).toEqual([0, 0]);
  });

  it('cuts a reader that is too slow, says why, and goes on for the others', async () => {
    serve = open;
    const answers = await Promise.all(
      [request(), request()].map(
        (client) => new Promise<http.IncomingMessage>((resolve) => client.on('response', resolve)),
      ),
    );
    const [slow, quick] = answers as [http.IncomingMessage, http.IncomingMessage];
    let quickBytes = 0;
    quick.on('data', (chunk: Buffer) => {
      quickBytes += chunk.length;
    });
    const event = { ...EVENT, data: Buffer.alloc(64_000, 'x') };
    let sent = 0;
    // The system's own buffers take some megabytes before bytes begin to wait here.
    while (streams.size === 2 && sent < 1000) {
      bus.publish(liveEvents, event);
      sent += 1;
      await clock.settle();
    }
    expect(streams.size).toBe(1);
    let heard = '';
    slow.on('data', (chunk: Buffer) => {
      heard = (heard + chunk.toString()).slice(-200);
    });
    await new Promise((resolve) => slow.on('end', resolve));
    expect(heard).toMatch(/\}\nid: 1\n\n:closed: too many events wait to be read\n\n$/);
    await expect.poll(() => quickBytes).toBe(':ok\n\n'.length + sent * eventFrame(event).length);
  });

  it('cuts the connection of a reader that does not even take the farewell', async () => {
    serve = open;
    const client = request();
    const response = await new Promise<http.IncomingMessage>((resolve) => client.on('response', resolve));
    const closed = new Promise((resolve) => response.on('close', resolve));
    for (let sent = 0; streams.size === 1 && sent < 1000; sent++) {
      bus.publish(liveEvents, { ...EVENT, data: Buffer.alloc(64_000, 'x') });
      await clock.settle();
    }
    clock.advance(5000);
    response.on('error', () => {}).resume();
    await closed;
    expect(response.complete).toBe(false);
    expect(clock.pending).toBe(0);
  });
});
