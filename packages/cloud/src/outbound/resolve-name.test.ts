import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DnsAnswer, type NameServer, startNameServer } from '../../test/outbound/name-server.ts';
import { createResolver } from './resolve-name.ts';

const PUBLIC_V6 = [0x26, 0x06, 0x28, 0, 2, 0x20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1];
const never = new AbortController().signal;

describe('createResolver', () => {
  const servers: NameServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  async function setUp(answers: Readonly<Record<string, DnsAnswer>>) {
    const server = await startNameServer(answers);
    servers.push(server);
    const askSystem = vi.fn<(name: string) => Promise<readonly string[]>>().mockResolvedValue(['192.168.1.7']);
    return { server, askSystem, resolve: createResolver({ servers: [server.address], askSystem }) };
  }

  it('gives all addresses of both kinds', async () => {
    const { resolve, askSystem, server } = await setUp({
      'A hook.example': [
        [93, 184, 215, 14],
        [10, 0, 0, 1],
      ],
      'AAAA hook.example': [PUBLIC_V6],
    });
    expect(await resolve('hook.example', never)).toEqual(
      expect.arrayContaining(['93.184.215.14', '10.0.0.1', '2606:2800:220:1::1']),
    );
    expect(server.asked).toEqual(['A hook.example', 'AAAA hook.example']);
    expect(askSystem).not.toHaveBeenCalled();
  });

  it('is content with one kind', async () => {
    const { resolve, askSystem } = await setUp({ 'AAAA six.example': [PUBLIC_V6] });
    expect(await resolve('six.example', never)).toEqual(['2606:2800:220:1::1']);
    expect(askSystem).not.toHaveBeenCalled();
  });

  it('asks the system for a name that name servers do not have', async () => {
    const { resolve, askSystem } = await setUp({});
    expect(await resolve('nas.lan', never)).toEqual(['192.168.1.7']);
    expect(askSystem.mock.calls).toEqual([['nas.lan']]);
  });

  it('asks the system when a name has no addresses', async () => {
    const { resolve } = await setUp({ 'A mail.example': [], 'AAAA mail.example': [] });
    expect(await resolve('mail.example', never)).toEqual(['192.168.1.7']);
  });

  it('passes on that the system cannot say, and asks it again the next time', async () => {
    const { resolve, askSystem } = await setUp({});
    askSystem.mockRejectedValueOnce(new Error('EAI_AGAIN'));
    await expect(resolve('nas.lan', never)).rejects.toThrow('EAI_AGAIN');
    expect(await resolve('nas.lan', never)).toEqual(['192.168.1.7']);
  });

  it('stops with the request, and asks nobody else then', async () => {
    const { resolve, askSystem, server } = await setUp({
      'A slow.example': 'silence',
      'AAAA slow.example': 'silence',
    });
    const stop = new AbortController();
    const answer = resolve('slow.example', stop.signal);
    await vi.waitFor(() => expect(server.asked.length).toBe(2), { timeout: 30_000, interval: 5 });
    stop.abort(new Error('late'));
    await expect(answer).rejects.toThrow('late');
    expect(askSystem).not.toHaveBeenCalled();
  });

  it('asks the system two things at once and no more', async () => {
    const { resolve, askSystem } = await setUp({});
    const waiting: ((addresses: readonly string[]) => void)[] = [];
    askSystem.mockImplementation(() => new Promise((done) => waiting.push(done)));
    const answers = ['a.lan', 'b.lan', 'c.lan'].map((name) => resolve(name, never));
    await vi.waitFor(() => expect(waiting.length).toBe(2), { timeout: 30_000, interval: 5 });
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    expect(askSystem).toHaveBeenCalledTimes(2);
    waiting[0]?.(['10.0.0.1']);
    await vi.waitFor(() => expect(waiting.length).toBe(3), { timeout: 30_000, interval: 5 });
    for (const done of waiting) done(['10.0.0.2']);
    expect((await Promise.all(answers)).flat().sort()).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.2']);
  });

  it('by itself finds what the machine knows', async () => {
    const resolve = createResolver({ servers: [(await setUp({})).server.address] });
    expect(await resolve('localhost', never)).toContainEqual(expect.stringMatching(/^(127\.0\.0\.1|::1)$/));
  });
});
