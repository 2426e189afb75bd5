import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { VirtualClock } from '@cloudchamber/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Listener, type ListenerOptions, PLAIN_REPLY, startListener } from '../../test/outbound/listener.ts';
import { selfSignedCertificate } from '../../test/outbound/self-signed-certificate.ts';
import { OutboundClient, type OutboundReply, type OutboundRequest, type ResolveName } from './index.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function listen(options: ListenerOptions = {}): Promise<Listener> {
  const listener = await startListener(options);
  undo.push(() => listener.stop());
  return listener;
}

/** A server that answers every request with these bytes, and with `end` closes then. */
const answering = (reply: string | Buffer, { end = false } = {}): Promise<Listener> =>
  listen({ onRequest: (socket) => void (end ? socket.end(reply) : socket.write(reply)) });

const silent = (): Promise<Listener> => listen({ onRequest: () => {} });

interface Setup {
  readonly allow?: readonly string[];
  readonly resolve?: ResolveName;
}

function setUp({ allow = ['127.0.0.1'], resolve = async () => ['127.0.0.1'] }: Setup = {}) {
  const clock = new VirtualClock();
  const client = new OutboundClient({ allow, clock, resolve });
  undo.push(() => client.close());
  const send = (url: string, request: Partial<OutboundRequest> = {}): Promise<OutboundReply> =>
    client.request({ method: 'GET', url, timeoutMs: 20_000, mostResponseBytes: 1000, ...request });
  /** Sends what is to be refused; gives the refusal. */
  const refused = async (url: string, request: Partial<OutboundRequest> = {}): Promise<unknown> =>
    send(url, request).then(
      ({ status }) => `a reply with status ${status}`,
      (error: unknown) => error,
    );
  return { clock, client, send, refused };
}

const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 30_000, interval: 5 });
const urlOf = ({ port }: Listener, path = '/', host = '127.0.0.1'): string => `http://${host}:${port}${path}`;
const untilClosed = (listener: Listener): Promise<void> => soon(() => expect(listener.sockets.size).toBe(0));

describe('what is sent', () => {
  it('is the method, path, query, headers and body that were asked for', async () => {
    const server = await listen();
    const { send } = setUp();
    await send(urlOf(server, '/a%20b/ü?x=1&y=%2F#part', 'hook.example'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Empty': '' },
      body: '{"ü":1}',
    });
    expect(server.received).toBe(
      [
        'POST /a%20b/%C3%BC?x=1&y=%2F HTTP/1.1',
        `host: hook.example:${server.port}`,
        'connection: keep-alive',
        'content-type: application/json',
        'x-empty: ',
        'accept-encoding: identity',
        'content-length: 8',
        '',
        '{"ü":1}',
      ].join('\r\n'),
    );
  });

  it.each(['GET', 'POST', 'PUT', 'DELETE'] as const)('can be a %s with a body of bytes', async (method) => {
    const server = await listen();
    const { send } = setUp();
    expect(await send(urlOf(server), { method, body: Buffer.from('abc') })).toMatchObject({ status: 200 });
    expect(server.received).toMatch(new RegExp(`^${method} / HTTP/1\\.1\r\n[^]*content-length: 3\r\n\r\nabc$`));
  });

  it('a POST without a body says so', async () => {
    const server = await listen();
    await setUp().send(urlOf(server), { method: 'POST' });
    expect(server.received).toContain('content-length: 0\r\n');
  });

  it('the dot at the end of a name is not part of the Host header', async () => {
    const server = await listen();
    await setUp().send(urlOf(server, '/', 'Hook.Example.'));
    expect(server.received).toContain(`host: hook.example:${server.port}\r\n`);
  });

  it('headers of the connection are not the callers to write', async () => {
    const server = await listen();
    const headers = {
      Host: 'internal.example',
      Connection: 'close, x-secret',
      'Content-Length': '99',
      'Transfer-Encoding': 'chunked',
      Upgrade: 'websocket',
      Expect: '100-continue',
      'Accept-Encoding': 'gzip',
      'X-Kept': 'yes',
    };
    await setUp().send(urlOf(server), { method: 'POST', headers, body: 'ok' });
    expect(server.received).toBe(
      `POST / HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\nconnection: keep-alive\r\nx-kept: yes\r\naccept-encoding: identity\r\ncontent-length: 2\r\n\r\nok`,
    );
  });

  it('user and password of the URL become a header', async () => {
    const server = await listen();
    await setUp().send(`http://ann:p%40ss%3A@127.0.0.1:${server.port}/`);
    expect(server.received).toContain(`authorization: Basic ${Buffer.from('ann:p@ss:').toString('base64')}\r\n`);
    expect(server.received).not.toContain('ann');
  });

  it('unless there is such a header', async () => {
    const server = await listen();
    await setUp().send(`http://ann:pass@127.0.0.1:${server.port}/`, { headers: { Authorization: 'Bearer t' } });
    expect(server.received.match(/authorization: .*/g)).toEqual(['authorization: Bearer t']);
  });

  it.each([
    ['a name with a space', { 'X Y': '1' }],
    ['a name of nothing', { '': '1' }],
    ['a name with a line', { 'X: 1\r\nY': '1' }],
    ['a value with a line', { 'X-Y': '1\r\nX-Z: 2' }],
    ['a value with a line feed', { 'X-Y': '1\nX-Z: 2' }],
    ['a value with a NUL', { 'X-Y': 'a\0' }],
    ['a value that Latin-1 has not', { 'X-Y': '€' }],
    ['a bad value of a header that would be ignored', { Host: 'a\r\nb' }],
  ])('%s is refused', async (_what, headers) => {
    const server = await listen();
    expect(await setUp().refused(urlOf(server), { headers })).toMatchObject({ code: 'bad_request' });
    expect(server.connections).toBe(0);
  });

  it.each([
    'example.com/x',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:70/_x',
    'data:text/plain,x',
    'javascript:1',
    'unix:/run/x.sock',
    'ws://127.0.0.1/',
    'http:',
    'http://',
    'http://127.0.0.1:0/',
    'http://127.0.0.1:65536/',
    'http://127.0.0.1:x/',
    'http://a%:b@127.0.0.1/',
    'http://a:%ff@127.0.0.1/',
    '{{url}}',
  ])('%s is no URL for a request', async (url) => {
    expect(await setUp().refused(url)).toMatchObject({ code: 'bad_url', fault: 'caller' });
  });
});

describe('replies', () => {
  it('have status, headers, body and media type', async () => {
    const server = await answering(
      'HTTP/1.1 404 Not Found\r\nContent-Type: Text/HTML; charset=utf-8\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 4\r\n\r\ngone',
    );
    expect(await setUp().send(urlOf(server))).toEqual({
      status: 404,
      headers: { 'content-type': 'Text/HTML; charset=utf-8', 'x-a': '1, 2', 'content-length': '4' },
      body: Buffer.from('gone'),
      contentType: 'text/html',
    });
  });

  it.each([
    [
      'chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3;x=y\r\ncde\r\n0\r\nT: 1\r\n\r\n',
      'abcde',
      false,
    ],
    ['what comes until the end', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcde', 'abcde', true],
    ['HTTP/1.0 until the end', 'HTTP/1.0 200 OK\r\nServer: old\r\n\r\nabcde', 'abcde', true],
    ['HTTP/1.0 with a length', 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nabcde', 'abcde', false],
    ['no content', 'HTTP/1.1 204 No Content\r\n\r\n', '', false],
    ['what follows an early hint', `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${PLAIN_REPLY}`, 'ok', false],
  ])('%s are a body', async (_what, reply, body, end) => {
    const server = await answering(reply, { end });
    const { body: got, contentType } = await setUp().send(urlOf(server));
    expect(got.toString()).toBe(body);
    expect(contentType).toBeUndefined();
  });

  it.each([301, 302, 303, 307, 308])('a %i is a reply: nobody goes where it points', async (status) => {
    const inner = await listen();
    const server = await answering(
      `HTTP/1.1 ${status} There\r\nLocation: ${urlOf(inner)}\r\nContent-Length: 0\r\n\r\n`,
    );
    const reply = await setUp().send(urlOf(server), { method: 'POST', body: 'x' });
    expect(reply).toMatchObject({ status, headers: { location: urlOf(inner) } });
    expect(inner.connections).toBe(0);
  });

  it.each([
    ['gzip', gzipSync('hello')],
    ['GZIP', gzipSync('hello')],
    ['x-gzip', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['identity', Buffer.from('hello')],
    ['', Buffer.from('hello')],
  ])('%j is decompressed although it was not asked for', async (encoding, bytes) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
    const server = await answering(Buffer.concat([Buffer.from(head), bytes]));
    const { body } = await setUp().send(urlOf(server), { mostResponseBytes: 100 });
    expect(body.toString()).toBe('hello');
  });

  it.each([
    ['gzip', Buffer.from('hello')],
    ['gzip', gzipSync('hello').subarray(0, -9)],
    ['deflate', Buffer.from('hello')],
    ['br', gzipSync('hello')],
    ['zstd', Buffer.from('hello')],
    ['gzip, gzip', gzipSync(gzipSync('hello'))],
    ['constructor', Buffer.from('hello')],
  ])('a body that cannot be %s is no reply', async (encoding, bytes) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
    const server = await answering(Buffer.concat([Buffer.from(head), bytes]));
    expect(await setUp().refused(urlOf(server))).toMatchObject({ code: 'unreachable' });
    await untilClosed(server);
  });
});

describe('limits of a reply', () => {
  const bytes = (count: number): string => 'x'.repeat(count);

  it('a body may have as many bytes as were asked for', async () => {
    const server = await answering(`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${bytes(1000)}`);
    expect((await setUp().send(urlOf(server))).body.length).toBe(1000);
  });

  it.each([
    ['with a length', `HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n${bytes(1001)}`],
    [
      'in chunks',
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${`1f4\r\n${bytes(500)}\r\n`.repeat(3)}0\r\n\r\n`,
    ],
    ['without an end', `HTTP/1.1 200 OK\r\n\r\n${bytes(100_000)}`],
    ['of a terabyte', `HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n${bytes(2000)}`],
  ])('a larger one %s ends the connection', async (_what, reply) => {
    const server = await answering(reply);
    expect(await setUp().refused(urlOf(server))).toMatchObject({
      code: 'too_large',
      message: 'The reply of 127.0.0.1 has more than 1000 bytes',
    });
    await untilClosed(server);
  });

  it('one that never ends is not read on', async () => {
    let written = 0;
    const pour = (socket: Socket): void => {
      while (!socket.destroyed && socket.write(bytes(65_536))) written += 65_536;
      socket.once('drain', () => pour(socket));
    };
    const server = await listen({
      onRequest: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        pour(socket);
      },
    });
    expect(await setUp().refused(urlOf(server), { mostResponseBytes: 200_000 })).toMatchObject({ code: 'too_large' });
    await untilClosed(server);
    // What the kernel's buffers take on both sides; far from what a server could send.
    expect(written).toBeLessThan(50_000_000);
  });

  it('a compressed one counts as what it unfolds to', async () => {
    const bomb = gzipSync(Buffer.alloc(900_000));
    expect(bomb.length).toBeLessThan(1000);
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
    const server = await answering(Buffer.concat([Buffer.from(head), bomb]));
    expect(await setUp().refused(urlOf(server))).toMatchObject({ code: 'too_large' });
  });

  it.each([
    ['one header', `HTTP/1.1 200 OK\r\nX: ${bytes(20_000)}\r\n\r\n`],
    ['many headers', `HTTP/1.1 200 OK\r\n${`X: ${bytes(96)}\r\n`.repeat(200)}\r\n`],
    ['an early hint', `HTTP/1.1 103 Early Hints\r\nX: ${bytes(20_000)}\r\n\r\n${PLAIN_REPLY}`],
    ['trailers', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ${bytes(20_000)}\r\n\r\n`],
  ])('more than 16 KiB of %s are too large', async (_what, reply) => {
    const server = await answering(reply);
    expect(await setUp().refused(urlOf(server))).toMatchObject({ code: 'too_large' });
    await untilClosed(server);
  });
});

describe('servers that fail', () => {
  it('refuses the connection', async () => {
    const server = await listen();
    await server.stop();
    undo.pop();
    expect(await setUp().refused(urlOf(server))).toMatchObject({
      code: 'unreachable',
      fault: 'peer',
      message: '127.0.0.1 refused the connection; check the port of the URL',
    });
  });

  it.each([
    ['nothing', ''],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
    ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc'],
    ['no last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
    ['a greeting of another protocol', '220 mail.example ESMTP\r\n'],
    ['no status', 'HTTP/1.1 abc OK\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nabc'],
    ['a 100 that nobody waits for', `HTTP/1.1 100 Continue\r\n\r\n${PLAIN_REPLY}`],
    ['a TLS alert', '\x15\x03\x01\x00\x02\x02\x46'],
  ])('sends %s and closes', async (_what, reply) => {
    const server = await answering(reply, { end: true });
    const { refused, clock } = setUp();
    expect(await refused(urlOf(server))).toMatchObject({ code: 'unreachable' });
    expect(clock.pending).toBe(0);
    await untilClosed(server);
  });

  it('resets the connection', async () => {
    const server = await listen({ onRequest: (socket) => void socket.resetAndDestroy() });
    expect(await setUp().refused(urlOf(server))).toMatchObject({
      code: 'unreachable',
      message: '127.0.0.1 closed the connection before its reply was complete',
    });
  });

  it.each([
    ['closes', (socket: Socket) => void socket.end()],
    ['resets', (socket: Socket) => void socket.resetAndDestroy()],
  ])('%s as soon as it is connected to', async (_what, onConnection) => {
    const server = await listen({ onConnection, onRequest: () => {} });
    const { refused, clock } = setUp();
    expect(await refused(urlOf(server), { method: 'POST', body: 'x' })).toMatchObject({ code: 'unreachable' });
    expect(clock.pending).toBe(0);
  });

  it('another address of its name is tried', async () => {
    const server = await listen();
    const { send } = setUp({ allow: ['127.0.0.0/8'], resolve: async () => ['127.0.0.3', '127.0.0.1'] });
    expect(await send(urlOf(server, '/', 'two.example'))).toMatchObject({ status: 200 });
    expect(server.connections).toBe(1);
  });

  it.each([
    ['has no address', async () => [], 'There is no host named nowhere.example; check the URL'],
    ['has a name for an address', async () => ['127.1'], 'There is no host named nowhere.example; check the URL'],
    [
      'cannot be looked up',
      async () => Promise.reject(new Error('queryA ESERVFAIL 10.0.0.53')),
      'The address of nowhere.example could not be found; try again later',
    ],
  ])('%s', async (_what, resolve, message) => {
    const { refused } = setUp({ resolve });
    expect(await refused('http://nowhere.example/')).toMatchObject({ code: 'unreachable', message });
  });
});

describe('names', () => {
  it('a name is resolved once: a second answer comes too late', async () => {
    const server = await listen();
    const inner = await listen({ host: '127.0.0.2', port: server.port });
    const resolve = vi.fn<ResolveName>().mockResolvedValueOnce(['127.0.0.1']).mockResolvedValue(['127.0.0.2']);
    const { send, refused } = setUp({ resolve });
    const url = urlOf(server, '/', 'rebind.example');
    expect(await send(url)).toMatchObject({ status: 200 });
    expect(resolve.mock.calls.map(([name]) => name)).toEqual(['rebind.example']);
    // Another connection asks anew, and its answer is checked anew.
    const unchecked = await refused(url, { rejectUnauthorized: false });
    expect(unchecked).toMatchObject({ code: 'forbidden_target' });
    expect(resolve).toHaveBeenCalledTimes(2);
    expect(server.connections).toBe(1);
    expect(inner.connections).toBe(0);
  });

  it('localhost is never asked for', async () => {
    const server = await listen();
    const resolve = vi.fn<ResolveName>().mockResolvedValue(['93.184.215.14']);
    const { send } = setUp({ allow: ['localhost'], resolve });
    expect(await send(urlOf(server, '/', 'localhost'))).toMatchObject({ status: 200 });
    expect(resolve).not.toHaveBeenCalled();
  });

  it('addresses are never asked for', async () => {
    const server = await listen();
    const resolve = vi.fn<ResolveName>();
    await setUp({ resolve }).send(urlOf(server, '/', '0x7f.1'));
    expect(resolve).not.toHaveBeenCalled();
  });
});

describe('time', () => {
  const connected = (server: Listener): Promise<void> => soon(() => expect(server.received).toContain('\r\n\r\n'));

  it('a name server that does not answer is a connection that does not come', async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const resolve: ResolveName = (_name, signal) => {
      asked.resolve(signal);
      return new Promise(() => {});
    };
    const { refused, clock } = setUp({ resolve });
    const answer = refused('http://slow.example/');
    const signal = await asked.promise;
    clock.advance(19_999);
    expect(signal.aborted).toBe(false);
    clock.advance(1);
    expect(await answer).toMatchObject({
      code: 'ETIMEDOUT',
      message: 'There was no connection to slow.example in 20 s',
    });
    expect(signal.aborted).toBe(true);
  });

  it('so is a server that does not answer the TLS handshake', async () => {
    const server = await silent();
    const { refused, clock } = setUp();
    const answer = refused(`https://127.0.0.1:${server.port}/`);
    await soon(() => expect(server.received).not.toBe(''));
    clock.advance(20_000);
    expect(await answer).toMatchObject({ code: 'ETIMEDOUT' });
    await untilClosed(server);
  });

  it('a server that sends nothing', async () => {
    const server = await silent();
    const { refused, clock } = setUp();
    const answer = refused(urlOf(server));
    await connected(server);
    clock.advance(20_000);
    expect(await answer).toMatchObject({
      code: 'ESOCKETTIMEDOUT',
      message: '127.0.0.1 did not send a complete reply in 20 s',
    });
    expect(clock.pending).toBe(0);
    await untilClosed(server);
  });

  it.each([
    ['head', 'HTTP/1.1 200 OK\r\nX-Slow: '],
    ['early hints', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['body', 'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n'],
  ])('a server that drips its %s', async (_part, start) => {
    const server = await listen({ onRequest: (socket) => void socket.write(start) });
    const { refused, clock } = setUp();
    const answer = refused(urlOf(server));
    await connected(server);
    for (let second = 0; second < 19; second++) {
      await clock.elapse(1000);
      for (const socket of server.sockets) socket.write(start.includes('103') ? start : 'x');
    }
    expect(server.sockets.size).toBe(1);
    await clock.elapse(1000);
    expect(await answer).toMatchObject({ code: 'ESOCKETTIMEDOUT' });
    await untilClosed(server);
  });

  it('a server that does not read what is sent', async () => {
    const server = await listen({ onRequest: (socket) => void socket.pause() });
    const { refused, clock } = setUp();
    const answer = refused(urlOf(server), { method: 'POST', body: Buffer.alloc(50_000_000) });
    await connected(server);
    clock.advance(20_000);
    expect(await answer).toMatchObject({ code: 'ESOCKETTIMEDOUT' });
    for (const socket of server.sockets) socket.resume();
    await untilClosed(server);
  });
});

describe('connections', () => {
  it('carry one request after the other', async () => {
    const server = await listen();
    const { send } = setUp();
    for (let round = 0; round < 5; round++) expect((await send(urlOf(server, `/${round}`))).body.toString()).toBe('ok');
    expect(server.connections).toBe(1);
    expect(server.received.match(/GET \/\d/g)).toEqual(['GET /0', 'GET /1', 'GET /2', 'GET /3', 'GET /4']);
  });

  it('one that its server closed is replaced', async () => {
    const server = await listen();
    const { send } = setUp();
    await send(urlOf(server));
    for (const socket of server.sockets) socket.end();
    await untilClosed(server);
    expect(await send(urlOf(server))).toMatchObject({ status: 200 });
    expect(server.connections).toBe(2);
  });

  it.each([
    ['closes', (socket: Socket) => void socket.end()],
    ['is reset', (socket: Socket) => void socket.resetAndDestroy()],
  ])('so is one that %s while the next request is about to be written', async (_what, close) => {
    const server = await listen();
    const { send } = setUp();
    await send(urlOf(server));
    // From here on a turn of the event loop reads what came, the end of the connection, before anything is written.
    await setImmediate();
    for (const socket of server.sockets) close(socket);
    expect(await send(urlOf(server))).toMatchObject({ status: 200 });
    expect(server.received.match(/GET/g)?.length).toBe(2);
    expect(server.connections).toBe(2);
  });

  it('one that is idle for four seconds ends', async () => {
    const server = await listen();
    const { send, clock } = setUp();
    await send(urlOf(server));
    await clock.elapse(3999);
    await send(urlOf(server));
    expect(server.connections).toBe(1);
    await clock.elapse(3999);
    expect(server.sockets.size).toBe(1);
    await clock.elapse(1);
    await untilClosed(server);
    expect(clock.pending).toBe(0);
  });

  it('sixty-four are idle at most; the oldest give way', async () => {
    const servers = await Promise.all(Array.from({ length: 66 }, () => listen()));
    const { send } = setUp();
    for (const server of servers) await send(urlOf(server));
    await soon(() => expect(servers.filter(({ sockets }) => sockets.size === 1)).toEqual(servers.slice(2)));
  });

  it('a reply that nobody asked for is nobodys', async () => {
    const poison = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison';
    const server = await listen({
      onRequest: (socket, request) =>
        void socket.write(request.startsWith('GET /first') ? `${PLAIN_REPLY}${poison}` : PLAIN_REPLY),
    });
    const { send, refused } = setUp();
    await refused(urlOf(server, '/first'));
    expect((await send(urlOf(server, '/second'))).body.toString()).toBe('ok');
    expect(server.connections).toBe(2);
  });

  it.each([
    ['says that it closes', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
    ['speaks HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ])('a server that %s gets another one', async (_what, reply) => {
    const server = await answering(reply);
    const { send } = setUp();
    await send(urlOf(server));
    expect((await send(urlOf(server))).body.toString()).toBe('ok');
    expect(server.connections).toBe(2);
  });

  it('a server has sixteen at once, and four of them stay', async () => {
    const waiting: Socket[] = [];
    const server = await listen({ onRequest: (socket) => void waiting.push(socket) });
    const { send, clock } = setUp();
    const answers = Array.from({ length: 20 }, () => send(urlOf(server)));
    await soon(() => expect(waiting.length).toBe(16));
    await clock.settle();
    expect(server.connections).toBe(16);
    for (const socket of waiting.splice(0, 16)) socket.write(PLAIN_REPLY);
    await soon(() => expect(waiting.length).toBe(4));
    for (const socket of waiting) socket.write(PLAIN_REPLY);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(20).fill(200));
    await soon(() => expect(server.sockets.size).toBe(4));
  });

  it('one that waits for its turn waits no longer than its time, and others are served meanwhile', async () => {
    const [slow, fast] = [await silent(), await listen()];
    const { refused, send, clock } = setUp();
    const answers = Array.from({ length: 17 }, () => refused(urlOf(slow)));
    await soon(() => expect(slow.received.split('\r\n\r\n').length).toBe(17));
    expect(await send(urlOf(fast))).toMatchObject({ status: 200 });
    clock.advance(20_000);
    const codes = (await Promise.all(answers)).map((error) =>
      error instanceof Error && 'code' in error ? error.code : error,
    );
    expect(codes).toEqual([...Array(16).fill('ESOCKETTIMEDOUT'), 'ETIMEDOUT']);
    expect(slow.connections).toBe(16);
  });

  it('end with the client', async () => {
    const [slow, fast] = [await silent(), await listen()];
    const { client, refused, send, clock } = setUp();
    await send(urlOf(fast));
    const answer = refused(urlOf(slow));
    await soon(() => expect(slow.received).not.toBe(''));
    client.close();
    expect(await answer).toMatchObject({ code: 'unreachable', message: expect.stringContaining('stopping') });
    expect(await refused(urlOf(fast))).toMatchObject({ code: 'unreachable' });
    await untilClosed(slow);
    await untilClosed(fast);
    expect(clock.pending).toBe(0);
  });
});

describe('TLS', () => {
  const names: (string | false | null)[] = [];

  async function listenTls(name: string, until?: string) {
    const tls = selfSignedCertificate(name, until);
    names.length = 0;
    const server = await listen({
      tls,
      onRequest: (socket, _request, servername) => {
        names.push(servername);
        socket.write(PLAIN_REPLY);
      },
    });
    return { server, tls, url: (host: string) => `https://${host}:${server.port}/` };
  }

  function trust(certificate: string): void {
    const before = getCACertificates('default');
    setDefaultCACertificates([...before, certificate]);
    undo.push(() => setDefaultCACertificates(before));
  }

  it('a certificate that nobody vouches for is refused', async () => {
    const { server, url } = await listenTls('hook.example');
    expect(await setUp().refused(url('hook.example'))).toMatchObject({
      code: 'tls',
      message: 'The certificate of hook.example is self-signed',
    });
    expect(names).toEqual([]);
    await untilClosed(server);
  });

  it('unless the request takes any', async () => {
    const { url } = await listenTls('hook.example');
    expect(await setUp().send(url('hook.example'), { rejectUnauthorized: false })).toMatchObject({ status: 200 });
    expect(names).toEqual(['hook.example']);
  });

  it('a connection whose certificate nobody looked at is not for a request that looks', async () => {
    const { server, url } = await listenTls('hook.example');
    const { send, refused } = setUp();
    await send(url('hook.example'), { rejectUnauthorized: false });
    await send(url('hook.example'), { rejectUnauthorized: false });
    expect(server.connections).toBe(1);
    expect(await refused(url('hook.example'))).toMatchObject({ code: 'tls' });
    expect(names.length).toBe(2);
  });

  it('a trusted certificate of the name is taken; the server is told the name', async () => {
    const { server, tls, url } = await listenTls('hook.example');
    trust(tls.cert);
    expect(await setUp().send(url('Hook.Example.'))).toMatchObject({ status: 200 });
    expect(names).toEqual(['hook.example']);
    expect(server.received).toContain(`host: hook.example:${server.port}\r\n`);
  });

  it('one of another name is not', async () => {
    const { tls, url } = await listenTls('hook.example');
    trust(tls.cert);
    expect(await setUp().refused(url('other.example'))).toMatchObject({
      code: 'tls',
      message: 'The certificate of other.example is for another name',
    });
  });

  it('nor one for an address', async () => {
    const { tls, url } = await listenTls('hook.example');
    trust(tls.cert);
    expect(await setUp().refused(url('127.0.0.1'))).toMatchObject({ code: 'tls' });
    expect(await setUp().send(url('127.0.0.1'), { rejectUnauthorized: false })).toMatchObject({ status: 200 });
    expect(names).toEqual([null]);
  });

  it('an expired one is refused', async () => {
    const { tls, url } = await listenTls('hook.example', '210101000000Z');
    trust(tls.cert);
    expect(await setUp().refused(url('hook.example'))).toMatchObject({
      code: 'tls',
      message: 'The certificate of hook.example has expired',
    });
    expect(await setUp().send(url('hook.example'), { rejectUnauthorized: false })).toMatchObject({ status: 200 });
  });

  it('a server without TLS is refused', async () => {
    const server = await listen();
    for (const rejectUnauthorized of [true, false]) {
      const answer = setUp().refused(`https://hook.example:${server.port}/`, { rejectUnauthorized });
      await soon(() => expect(server.sockets.size).toBe(1));
      for (const socket of server.sockets) socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      expect(await answer).toMatchObject({
        code: 'tls',
        message: 'hook.example and this cloud could not agree on a TLS connection',
      });
      await untilClosed(server);
    }
  });
});
