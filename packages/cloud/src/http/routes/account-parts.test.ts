import { silentLogger } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { accountServer, answer } from '../../../test/http/account-server.ts';
import { InProcessBus } from '../../bus/index.ts';
import { deviceChanges } from '../../domain/devices/index.ts';
import { createOrganization } from '../../domain/organizations/index.ts';
import { accountHooks } from './account-parts.ts';
import { addDevice } from './test-products.ts';

const DEVICE = 'e00fce68a1b2c3d4e5f60718';

describeStores('what other domains do for accounts', (open) => {
  async function setUp() {
    const bus = new InProcessBus(silentLogger);
    const server = await accountServer(await open(), { bus, hooks: (accounts) => accountHooks({ accounts, bus }) });
    const { call, ann } = server;
    const end = () =>
      call({ method: 'DELETE', url: '/v1/user', headers: ann.headers, payload: { password: 'correct horse' } });
    return { ...server, bus, end };
  }

  it('an account that owns a product and an organization is told which, and to which organizations its token leads', async () => {
    const { ambient, ann, call, end } = await setUp();
    const actor = {
      kind: 'user' as const,
      userId: ann.id,
      username: ann.username,
      tokenId: ann.tokenId,
      operator: true,
    };
    const organization = await createOrganization({ ...ambient, actor }, 'operator', { name: 'Acme' });
    await ambient.store.db
      .insertInto('products')
      .values({
        id: 1042,
        name: 'Greenhouse',
        name_key: 'greenhouse',
        slug: 'greenhouse-v1',
        description: '',
        platform_id: 32,
        owner_kind: 'user',
        owner_id: ann.id,
        settings: '{}',
        created_at: 0,
        updated_at: 0,
      })
      .execute();
    const current = await call({ url: '/v1/access_tokens/current', headers: ann.headers });
    expect(current.json().orgs).toEqual([{ id: organization.id, slug: 'acme' }]);
    expect(answer(await end())).toEqual([
      409,
      {
        error: 'owns_places',
        error_description:
          'The account owns the product "Greenhouse", the organization "Acme": delete or transfer them first',
      },
    ]);
  });

  it('the devices of a deleted account belong to nobody', async () => {
    const { end, statusOf, ann, ambient, bus, call } = await setUp();
    await addDevice(ambient.store, DEVICE, ann.id);
    const changes: unknown[] = [];
    bus.subscribe(deviceChanges, (change) => changes.push(change));
    const user = await call({ url: '/v1/user', headers: ann.headers });
    expect(user.json()).toMatchObject({ wifi_device_count: 1, cellular_device_count: 0 });
    expect((await end()).statusCode).toBe(200);
    expect(await statusOf(ann.token)).toBe(401);
    const row = await ambient.store.db.selectFrom('devices').select('owner_id').executeTakeFirst();
    expect(row).toEqual({ owner_id: null });
    expect(changes).toEqual([{ deviceId: DEVICE, ownerId: null }]);
  });
});
