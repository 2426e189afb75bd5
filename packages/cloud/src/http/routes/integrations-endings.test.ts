import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EveryRoute, everyRoute } from '../../../test/http/every-route.ts';
import type { Store } from '../../store/index.ts';
import type { TestUser } from '../test-server.ts';

const HOOK = { event: 'temp', url: 'https://example.net/in' };

describeStores('integrations of an owner that ends', (open) => {
  let store: Store;
  let world: EveryRoute;
  let ann: TestUser;

  beforeEach(async () => {
    const clock = new VirtualClock();
    store = await open({ clock });
    world = await everyRoute({ store, clock });
    ann = await world.server.addUser('ann@example.net', { operator: true });
    await world.server.addUser('ops@example.net', { operator: true });
  });
  afterEach(() => world.server.fastify.close());

  const call = async (method: 'POST' | 'PUT' | 'DELETE', url: string, payload: object = {}) => {
    const reply = await world.server.fastify.inject({ method, url, headers: ann.headers, payload });
    expect([url, reply.statusCode]).toEqual([url, expect.toSatisfy((status: number) => status < 300)]);
    return reply.body === '' ? undefined : reply.json();
  };
  const left = async () => (await store.db.selectFrom('integrations').select('id').execute()).map(({ id }) => id);

  it('end with it', async () => {
    const { product } = await call('POST', '/v1/user/products', { product: { name: 'Greenhouse', platform_id: 13 } });
    const { organization } = await call('POST', '/v1/orgs', { name: 'Acme' });
    const own = (await call('POST', '/v1/integrations', HOOK)).id;
    const ofProduct = (await call('POST', `/v1/products/${product.id}/integrations`, HOOK)).id;
    const ofOrganization = (await call('POST', `/v1/orgs/${organization.id}/integrations`, HOOK)).id;
    expect((await left()).toSorted()).toEqual([own, ofProduct, ofOrganization].toSorted());
    await call('DELETE', `/v1/products/${product.id}`);
    expect((await left()).toSorted()).toEqual([own, ofOrganization].toSorted());
    await call('DELETE', `/v1/orgs/${organization.id}`);
    expect(await left()).toEqual([own]);
    await call('DELETE', '/v1/user', { password: 'correct horse' });
    expect(await left()).toEqual([]);
  });
});
