import { randomInt } from 'node:crypto';
import { seededEntropy } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACTIONS, acquaint, type Dice, publish } from '../../test/http/tenant-actions.ts';
import { TenantStreams } from '../../test/http/tenant-streams.ts';
import { type Reader, type TenantModel, type TenantWorld, tenantWorld } from '../../test/http/tenant-world.ts';

/** Fewer on PostgreSQL, where each costs a sync of its own. */
const ACTIONS_OF = { sqlite: 20_000, postgres: 3000 } as const;
const ROUND = 100;

/** Five tenants on one cloud, whose people, devices and programs do whatever comes to mind. */
describeStores('five tenants', (open) => {
  const seed = Number(process.env.CHAMBER_TEST_SEED ?? randomInt(2 ** 31));
  let world: TenantWorld;
  let streams: TenantStreams;
  let dice: Dice;

  beforeAll(async () => {
    const store = await open();
    world = await tenantWorld(store, seed);
    await world.server.fastify.listen({ host: '127.0.0.1', port: 0 });
    streams = new TenantStreams(world);
    for (const tenant of world.tenants) for (const reader of READERS) await streams.open(tenant, reader);
    dice = diceOf(seed);
  });
  afterAll(async () => {
    streams?.closeAll();
    await world?.close();
  });

  it(`see nothing of each other, whatever they do (seed ${seed})`, async () => {
    const count = ACTIONS_OF[world.server.ambient.store.engine];
    for (let at = 0; at < count; at++) {
      acquaint(world);
      if (at % 4 === 0) await sendEvent(at);
      else await act();
      if (at % ROUND === ROUND - 1) await checkStreams();
    }
    await checkStreams();
  }, 600_000);

  async function act(): Promise<void> {
    const before = world.tenants.map((tenant) => tenant.productToken);
    // A product that is about to end takes its streams along.
    const action = dice.pick(ACTIONS);
    if (action.name === 'replaceProduct') await checkStreams();
    await action(world, dice);
    for (const [at, tenant] of world.tenants.entries()) {
      if (tenant.productToken === before[at]) continue;
      for (const reader of ['customer', 'product'] as const) {
        streams.close(tenant, reader);
        await streams.open(tenant, reader);
      }
    }
  }

  async function checkStreams(): Promise<void> {
    const { shown, expected } = await streams.settle();
    expect(shown).toEqual(expected);
  }

  /** An event from anywhere goes to the streams and devices that the rules name, and nowhere else (MSG-06, MSG-10 to MSG-12, MSG-22). */
  async function sendEvent(number: number): Promise<void> {
    const name = `ev-${number}`;
    const seenBy: [TenantModel, Reader][] = [];
    const expectAt = (tenant: TenantModel, reader: Reader) => {
      streams.expect(tenant, reader, name);
      seenBy.push([tenant, reader]);
    };
    const ownedBy = (tenant: TenantModel, kind: 'account' | 'customer') =>
      world.devices.filter(({ owner }) => owner?.tenant === tenant && owner.kind === kind);
    world.delivered.length = 0;
    let hearing: readonly { readonly id: string }[] = [];
    const source = dice.pick(['device', 'account', 'customer', 'product'] as const);
    const tenant = dice.pick(world.tenants);
    if (source === 'device') {
      const device = dice.pick(world.devices);
      const { owner, product } = device;
      if (owner !== undefined) expectAt(owner.tenant, owner.kind);
      if (product !== undefined) expectAt(product, 'product');
      if (owner !== undefined) hearing = ownedBy(owner.tenant, owner.kind);
      else if (product !== undefined) hearing = [device];
      await publish(world, device, name, 'x');
      if (product !== undefined) product.published.inProduct++;
      else if (owner?.kind === 'account') owner.tenant.published.outside++;
      await expectOwed(seenBy, name, device.id);
    } else {
      const url = source === 'product' ? `/v1/products/${tenant.productId}/events` : '/v1/devices/events';
      const [customer] = tenant.customers;
      const tokens = { account: tenant.token, customer: customer?.token ?? '', product: tenant.productToken };
      expectAt(tenant, source);
      if (source === 'customer') expectAt(tenant, 'product');
      if (source !== 'product') hearing = ownedBy(tenant, source);
      const reply = await world.call(tokens[source], 'POST', url, { name, data: 'x' });
      expect(reply.status).toBe(200);
      await expectOwed(seenBy, name);
    }
    const heard = world.delivered.filter((delivery) => delivery.name === name).map(({ deviceId }) => deviceId);
    expect([source, name, heard.toSorted()]).toEqual([source, name, hearing.map(({ id }) => id).toSorted()]);
  }

  /** The newest event is owed to the integrations of the places that see it, and to no others (INT-01, INT-02, MSG-13). */
  async function expectOwed(seenBy: readonly [TenantModel, Reader][], name: string, deviceId?: string): Promise<void> {
    const { db } = world.store;
    const newest = await db.selectFrom('events').select(['sequence', 'name']).orderBy('sequence', 'desc').limit(1);
    const { sequence, name: newestName } = await newest.executeTakeFirstOrThrow();
    expect(newestName).toBe(name);
    for (const [tenant, reader] of seenBy) tenant.past[reader].push({ name, sequence });
    const rows = await db
      .selectFrom('deliveries')
      .select('integration_id')
      .where('event_sequence', '=', sequence)
      .execute();
    const triggered = seenBy.flatMap(([tenant, reader]) =>
      tenant.integrations.filter(
        (one) =>
          one.place === reader &&
          name.startsWith(one.prefix) &&
          (one.deviceId === undefined || one.deviceId === deviceId),
      ),
    );
    expect([name, rows.map((row) => row.integration_id).toSorted()]).toEqual([
      name,
      triggered.map(({ id }) => id).toSorted(),
    ]);
  }
});

const READERS: readonly Reader[] = ['account', 'customer', 'product'];

function diceOf(seed: number): Dice {
  const entropy = seededEntropy(seed);
  const roll = (sides: number) => Math.floor(entropy.fraction() * sides);
  return {
    roll,
    pick: (things) => {
      const thing = things[roll(things.length)];
      if (thing === undefined) throw new Error('nothing to pick from');
      return thing;
    },
  };
}
