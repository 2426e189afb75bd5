import { GatewayError, type PublishedEvent } from '@cloudchamber/gateway';
import { type DeviceId, hours, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { CloudGatewayPorts } from '../../adapters/gateway-ports.ts';
import { InProcessBus } from '../../bus/index.ts';
import type { Operation, Store } from '../../store/index.ts';
import type { Ambient } from '../context.ts';
import { changeDevice, insertDevice } from '../devices/device-store.ts';
import { FakeDeviceCommands } from '../devices/fake-device-commands.ts';
import { callFunction, findDevice, readVariable } from '../devices/index.ts';
import { publishEvent, publishProductEvent, routeEvents } from '../events/index.ts';
import { FirmwareBlobs, UpdateJournal } from '../firmware/index.ts';
import { enterProduct } from '../products/index.ts';

const PRODUCT = 1042;
const START = 1_770_000_000_000;
const HOUR = hours(1);
const ANN = { kind: 'user', userId: 'ann', username: 'ann@example.net', tokenId: 't', operator: false } as const;

/** Ann has two devices, one of them in the product, which has one that nobody owns and one of Carl's, a customer. */
const DEVICES = [
  { id: 'e00fce680000000000000001' as DeviceId, ownerId: 'ann', productId: null },
  { id: 'e00fce680000000000000002' as DeviceId, ownerId: 'ann', productId: PRODUCT },
  { id: 'e00fce680000000000000003' as DeviceId, ownerId: null, productId: PRODUCT },
  { id: 'e00fce680000000000000004' as DeviceId, ownerId: 'carl', productId: PRODUCT },
] as const;
type TestDevice = (typeof DEVICES)[number];

/** What calls do: with these names the device is asked, whatever comes of it. */
const ASKED: readonly string[] = ['works', 'silent', 'refuses'];
/** With these it is not, because the gateway keeps the call back, or because the device has no such function. */
const NOT_ASKED: readonly string[] = ['busy', 'too-large', 'missing'];

describeStores('counting data operations', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let bus: InProcessBus;
  let commands: FakeDeviceCommands;
  let ports: CloudGatewayPorts;
  let ambient: Ambient;

  beforeEach(async () => {
    clock = new VirtualClock();
    clock.advance(START - clock.now());
    store = routeEvents(await open(), { integrationsFor: () => [] });
    bus = new InProcessBus(silentLogger);
    commands = new FakeDeviceCommands();
    ambient = { store, clock, entropy: seededEntropy(1), log: silentLogger };
    const updates = await UpdateJournal.open({ ...ambient, bus, commands, blobs: new FirmwareBlobs(ambient) });
    ports = new CloudGatewayPorts({ ...ambient, bus, commands, updates, trustFirstKey: false });
    const names = { name: 'Greenhouse', name_key: 'greenhouse', slug: 'greenhouse', description: '', settings: '{}' };
    const owner = { owner_kind: 'user' as const, owner_id: 'ann', platform_id: 13, created_at: 0, updated_at: 0 };
    await store.db
      .insertInto('products')
      .values({ id: PRODUCT, ...names, ...owner })
      .execute();
    for (const { id, ownerId, productId } of DEVICES) {
      await insertDevice(store.db, { id, name: 'n', platformId: 13, publicKey: null, ownerId, at: 0 });
      await changeDevice(store.db, id, {
        product_id: productId,
        functions: JSON.stringify([...ASKED, 'busy', 'too-large']),
        variables: JSON.stringify({ works: 'int', refuses: 'int' }),
      });
    }
    commands.functions.set('works', () => 1);
    commands.functions.set('busy', fails('device.busy'));
    commands.functions.set('too-large', fails('device.too_large'));
    commands.functions.set('refuses', fails('device.rejected'));
    commands.variables.set('works', 1);
  });

  const fails = (code: 'device.busy' | 'device.too_large' | 'device.rejected') => () => {
    throw new GatewayError(code, 'no');
  };
  const setOnline = async (id: DeviceId, online: boolean) => {
    if (online === commands.online.has(id)) return;
    if (!online) {
      commands.online.delete(id);
      return ports.offline(id, clock.now(), 'silent');
    }
    commands.online.add(id);
    const hello = { productId: 13, productVersion: 3, platformId: 13, flags: 0 };
    const at = clock.now();
    const publicKey = Buffer.from('the key');
    await ports.sessionStarted({ deviceId: id, publicKey, transport: 'udp', hello, address: '198.51.100.17', at });
    ports.online(id, at);
    await ports.subscribe(id, { prefix: 'ev/', accepts: 'text' }, true);
  };
  const send = (deviceId: DeviceId, name: string, data = 'x') => {
    const event: Omit<PublishedEvent, 'data'> = {
      deviceId,
      name,
      contentFormat: 0,
      ttlSeconds: 60,
      receivedAt: clock.now(),
      address: '',
    };
    return ports.publish({ ...event, data: Buffer.from(data) });
  };
  const ask = async (kind: 'function' | 'variable', id: DeviceId, name: string) => {
    const device = await findDevice(store.db, id);
    if (device === undefined) throw new Error('no such device');
    const input = { device, name };
    const asked =
      kind === 'function'
        ? callFunction(ambient, commands, { ...input, argument: '' })
        : readVariable(ambient, commands, input);
    return asked.then(
      () => 'answered',
      () => 'failed',
    );
  };
  /** Everything that was counted so far, in order. */
  const counted = async () => {
    // Deliveries are counted beside what caused them: the next commit has their counts.
    await clock.settle();
    await store.events.append({ ...NOTHING, publishedAt: clock.now() });
    const rows = await store.db.selectFrom('data_operations').selectAll().execute();
    return rows.map(({ count, ...key }) => [keyOf(key), Number(count)] as const).sort();
  };
  const keyOf = (key: {
    hour: number;
    owner_id: string;
    product_id: number;
    device_id: string;
    kind: string;
  }): string => `${key.kind} ${key.device_id} ${key.owner_id} ${key.product_id} ${key.hour}`;

  class Model {
    readonly counts = new Map<string, number>();

    add(kind: Operation['kind'], { id, ownerId, productId }: TestDevice): void {
      const now = clock.now();
      const key = keyOf({
        kind,
        device_id: id,
        owner_id: ownerId ?? '',
        product_id: productId ?? 0,
        hour: now - (now % HOUR),
      });
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    }

    /** Devices that hear an event of this owner, or of this device that nobody owns. */
    deliver(ownerId: string | null, from?: TestDevice): void {
      for (const device of DEVICES) {
        const hears = ownerId === null ? device === from : device.ownerId === ownerId;
        if (hears && commands.online.has(device.id)) this.add('subscribe', device);
      }
    }

    get sorted(): (readonly [string, number])[] {
      return [...this.counts].sort();
    }
  }

  it('counts what a device publishes, hears and is asked for, and nothing else', async () => {
    const device = fc.constantFrom(...DEVICES);
    const action = fc.oneof(
      fc.record({ do: fc.constant('connect' as const), device, online: fc.boolean() }),
      fc.record({
        do: fc.constant('publish' as const),
        device,
        name: fc.constantFrom('ev/a', 'other', 'spark/device/last_reset', 'spark/unknown', 'Particle/x'),
      }),
      fc.record({ do: fc.constant('api' as const), product: fc.boolean() }),
      fc.record({ do: fc.constant('function' as const), device, name: fc.constantFrom(...ASKED, ...NOT_ASKED) }),
      fc.record({ do: fc.constant('variable' as const), device, name: fc.constantFrom('works', 'refuses', 'missing') }),
      fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
    );
    const model = new Model();
    const product = await enterProduct({ ...ambient, actor: ANN }, String(PRODUCT), 'events:send');
    const perform = async (step: typeof action extends fc.Arbitrary<infer T> ? T : never) => {
      switch (step.do) {
        case 'connect':
          return setOnline(step.device.id, step.online);
        case 'wait':
          return clock.advance(step.minutes * 60_000);
        case 'publish': {
          await send(step.device.id, step.name);
          if (!['ev/a', 'other'].includes(step.name)) return;
          model.add('publish', step.device);
          if (step.name === 'ev/a') model.deliver(step.device.ownerId, step.device);
          return;
        }
        case 'api':
          if (step.product) return publishProductEvent(product, bus, { name: 'ev/p' });
          await publishEvent({ ...ambient, actor: ANN }, bus, { name: 'ev/u' });
          return model.deliver('ann');
        case 'function':
        case 'variable': {
          commands.silent.clear();
          if (step.name === 'silent') commands.silent.add(step.device.id);
          await ask(step.do, step.device.id, step.name);
          commands.silent.clear();
          if (ASKED.includes(step.name) && commands.online.has(step.device.id)) model.add(step.do, step.device);
        }
      }
    };
    for (const device of DEVICES) {
      await perform({ do: 'connect', device, online: true });
      await perform({ do: 'publish', device, name: 'ev/a' });
      await perform({ do: 'function', device, name: 'works' });
      await perform({ do: 'variable', device, name: 'works' });
    }
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (steps) => {
        for (const step of steps) {
          await perform(step);
          await clock.settle();
        }
        expect(await counted()).toEqual(model.sorted);
      }),
      { numRuns: store.engine === 'sqlite' ? 40 : 15 },
    );
    expect(model.sorted.length).toBeGreaterThanOrEqual(4 * DEVICES.length);
  }, 60_000);

  it('counts a call before it is answered', async () => {
    const [device] = DEVICES;
    await setOnline(device.id, true);
    expect(await ask('function', device.id, 'works')).toBe('answered');
    const [row] = await store.db.selectFrom('data_operations').selectAll().execute();
    expect(row).toMatchObject({ kind: 'function', device_id: device.id, owner_id: 'ann', count: 1 });
  });

  it('answers a call although the store refuses its count, which waits for the next commit', async () => {
    const [device] = DEVICES;
    await setOnline(device.id, true);
    await counted();
    const rename = (from: string, to: string) => store.db.schema.alterTable(from).renameTo(to).execute();
    await rename('data_operations', 'data_operations_away');
    expect(await ask('function', device.id, 'works')).toBe('answered');
    await rename('data_operations_away', 'data_operations');
    expect(await counted()).toMatchObject([[expect.stringContaining('function'), 1]]);
  });

  it('does not count what a device did not take', async () => {
    const [device, other] = DEVICES;
    await setOnline(device.id, true);
    await setOnline(other.id, true);
    commands.deliver = async (id) => id === device.id;
    await send(device.id, 'ev/a');
    expect((await counted()).map(([key]) => key.split(' ').slice(0, 2))).toEqual([
      ['publish', device.id],
      ['subscribe', device.id],
    ]);
  });
});

const NOTHING = {
  ownerId: null,
  productId: null,
  deviceId: null,
  publisher: 'particle-internal',
  name: 'spark/test',
  data: null,
  contentFormat: 0,
  ttlSeconds: 60,
};
