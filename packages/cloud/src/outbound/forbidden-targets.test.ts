import { networkInterfaces } from 'node:os';
import { VirtualClock } from '@cloudchamber/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Listener, startListener } from '../../test/outbound/listener.ts';
import { OutboundClient } from './outbound-client.ts';

const ipv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

/** Hosts that are this machine's loopback, in every spelling; with `CHAMBER_OUTBOUND_ALLOW` they are reached. */
const LOOPBACK: readonly string[] = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.0.0.2',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '2130706433.',
  '017700000001',
  '0x7f000001',
  '0X7F000001',
  '0x7f.1',
  '0x7f.0x0.0x0.0x1',
  '0x7f.0.0.0x1',
  '0177.0.0.1',
  '0177.0.0.01',
  '0000177.0.0.1',
  '0177.0x0.0.1',
  '127.0.0x0.1',
  '127.00.00.001',
  '127.0.0.0x00000001',
  '127.65530',
  '%31%32%37.0.0.1',
  '127%2e0%2e0%2e1',
  '127%2E1',
  '１２７.０.０.１',
  '１２７。０。０。１',
  '127。0。0。1',
  '127．0．0．1',
  '127｡0｡0｡1',
  '①②⑦.⓪.⓪.①',
  '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
  '0x7f。1',
  '%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1',
  '127.0.0\u00AD.1',
  'user@127.0.0.1',
  'example.com@127.0.0.1',
  'example.com:80@127.1',
  '0.0.0.0',
  '0',
  '0x0',
  '00000',
  '0.0',
  'localhost',
  'localhost.',
  'LOCALHOST',
  'LocalHost',
  'ｌｏｃａｌｈｏｓｔ',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  'local%68ost',
  'loc\u00ADalhost',
  'a.localhost',
  'a.b.localhost.',
  'localtest.example',
  'LOCALTEST.example.',
  'two-faced.example',
];

const LOOPBACK_V6: readonly string[] = [
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::0001]',
  '[0::1]',
  '[::0.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::FFFF:7F00:0001]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::]',
  '[::0]',
  '[0:0:0:0:0:0:0:0]',
  '[::ffff:0.0.0.0]',
  'six.example',
  'mapped.example',
];

/** Hosts in networks that this machine may be in, or that nobody is in. */
const PRIVATE: readonly string[] = [
  '127.0.0.0x',
  '0.0.0.1',
  '0.255.255.255',
  '10.0.0.1',
  '10.255.255.255',
  '012.0.0.1',
  '0xa000001',
  '167772161',
  '100.64.0.1',
  '100.127.255.255',
  '100.100.100.200',
  '168.63.129.16',
  '169.254.0.1',
  '169.254.169.254',
  '169.254.43518',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169。254。169。254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.2',
  '192.88.99.1',
  '192.168.0.1',
  '192.168.257',
  '3232235521',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.7',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '4294967295',
  '[::2]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::10.0.0.1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[::ffff:8.8.8.8]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::10.0.0.1]',
  '[100::1]',
  '[2001::1]',
  '[2001:0:7f00:1::]',
  '[2001:2::1]',
  '[2001:10::1]',
  '[2001:20::1]',
  '[2001:db8::1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2002::1]',
  '[3ffe::1]',
  '[3fff::1]',
  '[4000::1]',
  '[5f00::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[FD00:EC2:0:0:0:0:0:254]',
  '[fd12:3456:789a::1]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[ff05::2]',
  'metadata.example',
  'one-bad.example',
  'other-way.example',
  'zone.example',
];

/** What is no host at all. */
const NONSENSE: readonly string[] = [
  '',
  '.',
  '..',
  'localhost..',
  '127.0.0.1..',
  '127.0.0.256',
  '256.256.256.256',
  '4294967296',
  '1.2.3.4.5',
  '127.0.0.08',
  '[::1',
  '::1',
  '[::1%25lo]',
  '[fe80::1%25eth0]',
  '[127.0.0.1]',
  '[::ffff:127.1]',
  'local host',
  'localhost%00',
  'localhost%00.example.com',
  'a..localhost',
  'a,localhost',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(127)}example`,
];

const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'localtest.example': ['127.0.0.1'],
  'two-faced.example': ['93.184.215.14', '127.0.0.1'],
  'six.example': ['::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'one-bad.example': ['93.184.215.14', '2606:2800:220:1::1', '10.0.0.1'],
  'other-way.example': ['10.0.0.1', '93.184.215.14'],
  'zone.example': ['fe80::1%lo'],
};

async function resolve(name: string): Promise<readonly string[]> {
  const found = ADDRESSES[name];
  if (found === undefined) throw new Error(`Nobody should ask for ${name}`);
  return found;
}

const request = { method: 'GET', timeoutMs: 20_000, mostResponseBytes: 1000 } as const;

describe('targets that nobody may reach', () => {
  let everywhere: Listener;
  let client: OutboundClient;

  beforeAll(async () => {
    everywhere = await startListener({ host: ipv6 ? '::' : '0.0.0.0' });
  });
  afterAll(() => everywhere.stop());
  afterEach(() => client.close());

  const urlOf = (host: string): string => `http://${host}:${everywhere.port}/path`;

  it.each([...LOOPBACK, ...LOOPBACK_V6, ...PRIVATE])('%s is forbidden', async (host) => {
    client = new OutboundClient({ allow: [], clock: new VirtualClock(), resolve });
    const before = everywhere.connections;
    const refusal = await client.request({ ...request, url: urlOf(host) }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'forbidden_target' });
    expect(everywhere.connections).toBe(before);
  });

  it.each(NONSENSE)('%j is no host', async (host) => {
    client = new OutboundClient({ allow: ['0.0.0.0/0', '::/0', 'localhost'], clock: new VirtualClock(), resolve });
    const before = everywhere.connections;
    const refusal = await client.request({ ...request, url: urlOf(host) }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'bad_url' });
    expect(everywhere.connections).toBe(before);
  });

  it('nothing of what a name led to is told', async () => {
    client = new OutboundClient({ allow: [], clock: new VirtualClock(), resolve });
    await expect(client.request({ ...request, url: urlOf('metadata.example') })).rejects.toThrow(
      /^Requests to metadata\.example are not allowed: it is in a private or reserved network\. Who runs this cloud can allow it with CHAMBER_OUTBOUND_ALLOW$/,
    );
  });

  it.each(LOOPBACK.filter((host) => host !== 'two-faced.example'))(
    '%s is reached when loopback is allowed',
    async (host) => {
      client = new OutboundClient({ allow: ['127.0.0.0/8', '::1', '0.0.0.0'], clock: new VirtualClock(), resolve });
      const before = everywhere.connections;
      expect(await client.request({ ...request, url: urlOf(host) })).toMatchObject({ status: 200 });
      expect(everywhere.connections).toBe(before + 1);
    },
  );

  it.runIf(ipv6).each(LOOPBACK_V6)('%s is reached when loopback is allowed', async (host) => {
    client = new OutboundClient({ allow: ['127.0.0.1', '::1', '::', '0.0.0.0'], clock: new VirtualClock(), resolve });
    const before = everywhere.connections;
    expect(await client.request({ ...request, url: urlOf(host) })).toMatchObject({ status: 200 });
    expect(everywhere.connections).toBe(before + 1);
  });

  it.each([
    ['localhost', 'localhost'],
    ['localhost:{port}', 'LOCALHOST.'],
    ['*.localhost', 'a.b.localhost'],
    ['LocalTest.Example', 'localtest.example'],
    ['*.example:{port}', 'localtest.example'],
    ['127.0.0.1:{port}', '0x7f.1'],
    ['127.0.0.0/8:{port}', '127.9.9.9'],
  ])('allowing %s allows %s', async (entry, host) => {
    const allow = [entry.replace('{port}', String(everywhere.port))];
    client = new OutboundClient({ allow, clock: new VirtualClock(), resolve });
    expect(await client.request({ ...request, url: urlOf(host) })).toMatchObject({ status: 200 });
  });

  it.each([
    ['localhost', '127.0.0.1'],
    ['localhost', 'localhost.example'],
    ['localhost', 'a.localhost'],
    ['*.localhost', 'localhost'],
    ['localhost:1', 'localhost'],
    ['127.0.0.1:1', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.2'],
    ['127.0.0.1', '0.0.0.0'],
    ['127.0.0.0/30', '127.0.0.4'],
    ['0.0.0.0/0', '[::1]'],
    ['::/0', '127.0.0.1'],
    ['::ffff:0:0/96', '127.0.0.1'],
    ['10.0.0.0/8', 'two-faced.example'],
    ['two-faced.example', 'localtest.example'],
    ['*.example', '127.0.0.1'],
    ['127.0.0.1', '[::127.0.0.1]'],
    ['127.0.0.1', '[64:ff9b::127.0.0.1]'],
    ['127.0.0.1', '[2002:7f00:1::]'],
  ])('allowing %s does not allow %s', async (entry, host) => {
    client = new OutboundClient({
      allow: [entry],
      clock: new VirtualClock(),
      resolve: async (name) => ADDRESSES[name] ?? ['127.0.0.1'],
    });
    const before = everywhere.connections;
    await expect(client.request({ ...request, url: urlOf(host) })).rejects.toMatchObject({ code: 'forbidden_target' });
    expect(everywhere.connections).toBe(before);
  });
});
