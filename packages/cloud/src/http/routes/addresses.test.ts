import { openStore } from '@cloudchamber/cloud/store';
import { silentLogger, systemClock } from '@cloudchamber/kernel';
import { temporaryFolder } from '@cloudchamber/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../store/index.ts';
import { testServer } from '../test-server.ts';
import { type AddressRouteOptions, addressRouteModule } from './addresses.ts';

describe('GET /v1/cloud-addresses', () => {
  const opened: (() => Promise<unknown>)[] = [];
  let store: Store;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    store = await openStore({ dataDir: folder.path, clock: systemClock, log: silentLogger });
    opened.push(
      () => folder.remove(),
      () => store.close(),
    );
  });
  afterAll(async () => {
    for (const close of opened.reverse()) await close();
  });

  async function addressesOf(options: Partial<AddressRouteOptions>) {
    const usual = { publicUrl: 'https://api.example.net', deviceHost: 'devices.example.net' };
    const { fastify } = await testServer(store, {
      routes: () => [addressRouteModule({ ...usual, udpPort: 5684, tcpPort: 5683, ...options })],
    });
    const { addresses } = (await fastify.inject('/v1/cloud-addresses')).json();
    return addresses.map((a: Record<string, unknown>) =>
      [a.used_by, a.transport, a.protocol, a.host, a.port].join(' '),
    );
  }

  it('lists every way in', async () => {
    expect(await addressesOf({})).toEqual([
      'devices udp dtls devices.example.net 5684',
      'devices tcp aes devices.example.net 5683',
      'people tcp https api.example.net 443',
    ]);
  });

  it('leaves out what is switched off', async () => {
    expect(await addressesOf({ tcpPort: null })).toHaveLength(2);
    expect(await addressesOf({ tcpPort: null, udpPort: null })).toEqual(['people tcp https api.example.net 443']);
  });

  it('has a wildcard for devices with names of their own, and the ports as they are', async () => {
    const options = { deviceHost: '$id.udp.example.net', publicUrl: 'http://[::1]:8080', udpPort: 443 };
    expect(await addressesOf(options)).toEqual([
      'devices udp dtls *.udp.example.net 443',
      'devices tcp aes *.udp.example.net 5683',
      'people tcp http ::1 8080',
    ]);
  });
});
