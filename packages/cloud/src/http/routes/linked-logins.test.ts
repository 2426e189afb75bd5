import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { endLinkedLogins } from '../../domain/customers/index.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { productServer } from './test-products.ts';

const REDIRECT = 'https://shop.example.net/callback';

describeStores('an account that ends', (open) => {
  it('logs out the customers that it was', async () => {
    const store = await open();
    const { addClient, form, grant, works, services, eve } = await productServer(
      store,
      new VirtualClock(),
      new FakeDeviceCommands(),
    );
    const client = await addClient('products/1042/', { name: 'Shop', type: 'web', redirect_uri: REDIRECT });
    const { client_id } = client;
    const consent = { response_type: 'code', client_id, username: 'eve@example.net', password: 'correct horse' };
    const sent = await form('/oauth/authorize', { ...consent, decision: 'allow' });
    const code = new URL(String(sent.headers.location)).searchParams.get('code') ?? '';
    const token = (await grant({ grant_type: 'authorization_code', code, ...client })).json().access_token;
    expect(await works(token)).toBe(200);
    const tell = await store.db.transaction().execute((db) => endLinkedLogins(services)(db, eve.id));
    tell();
    expect(await works(token)).toBe(401);
    expect(await store.db.selectFrom('customers').select('username').execute()).toEqual([
      { username: 'eve@example.net' },
    ]);
  });
});
