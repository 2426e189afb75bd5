import { describeStores } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { testServer } from '../test-server.ts';
import { accountHooks } from './account-parts.ts';
import { accountRouteModule } from './accounts.ts';
import { organizationRouteModule } from './organizations.ts';
import { productRouteModule } from './products.ts';

describeStores('an account that is deleted while it gets something', (open) => {
  it.each([
    ['a product', '/v1/user/products', { name: 'Greenhouse', platform_id: 13 }],
    ['an organization', '/v1/orgs', { name: 'Acme' }],
  ])('keeps %s or goes without it', async (_what, url, payload) => {
    const store = await open();
    const test = await testServer(store, {
      routes: (_ambient, accounts) => [
        accountRouteModule(accounts, accountHooks({ accounts, bus: accounts.bus })),
        organizationRouteModule({ accounts, organizationPolicy: 'open' }),
        productRouteModule({ accounts, bus: accounts.bus }),
      ],
    });
    for (let round = 0; round < 4; round++) {
      const { id, headers } = await test.addUser(`ann${round}@example.net`);
      const name = `${payload.name} ${round}`;
      const [made, ended] = await Promise.all([
        test.fastify.inject({ method: 'POST', url, headers, payload: { ...payload, name } }),
        test.fastify.inject({ method: 'DELETE', url: '/v1/user', headers, payload: { password: 'correct horse' } }),
      ]);
      const tables = ['products', 'organizations'] as const;
      const owned = await Promise.all(
        tables.map((table) => store.db.selectFrom(table).selectAll().where('owner_id', '=', id).execute()),
      );
      if (made.statusCode === 201) {
        expect([ended.statusCode, owned.flat().length]).toEqual([409, 1]);
      } else {
        expect([401, 403]).toContain(made.statusCode);
        expect([ended.statusCode, owned.flat().length]).toEqual([200, 0]);
      }
    }
    await test.fastify.close();
  });
});
