import { type DeviceId, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import type { VirtualClock } from '@cloudchamber/testkit';
import { InProcessBus } from '../../src/bus/index.ts';
import { insertDevice } from '../../src/domain/devices/device-store.ts';
import { liveEvents } from '../../src/domain/events/index.ts';
import type { EndListener } from '../../src/domain/firmware/update-journal.ts';
import type { Product, ProductContext } from '../../src/domain/products/index.ts';
import { findReleases, findTargetFacts, resolveTarget } from '../../src/domain/releases/index.ts';
import { createRollout } from '../../src/domain/rollouts/create-rollout.ts';
import type { RolloutInput } from '../../src/domain/rollouts/parse-rollout.ts';
import type { Rollout } from '../../src/domain/rollouts/rollout.ts';
import { countDevices, pageOfDevices } from '../../src/domain/rollouts/rollout-device-store.ts';
import { RolloutRunner } from '../../src/domain/rollouts/rollout-runner.ts';
import { findRollout } from '../../src/domain/rollouts/rollout-store.ts';
import { pageOfEntries } from '../../src/domain/rollouts/timeline-store.ts';
import type { Store } from '../../src/store/index.ts';

const ANN = '65d0f1a2b3c4d5e6f7081920';

interface TestMember {
  readonly version?: number | null;
  readonly groups?: readonly string[];
  readonly development?: boolean;
  readonly lockedTo?: number;
}

/** For tests: a product with devices that do what a test says, and a runner whose journal of updates the test writes itself. */
export class RolloutSite {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly bus = new InProcessBus(silentLogger);
  readonly online = new Set<DeviceId>();
  readonly updating = new Set<DeviceId>();
  /** Name and text of what streams of the product hear. */
  readonly heard: { readonly name: string; readonly data: Record<string, unknown> }[] = [];
  readonly ctx: ProductContext;
  readonly productId: number;
  runner: RolloutRunner;
  readonly #endListeners = new Set<EndListener>();
  #made = 0;
  #attempts = 0;

  private constructor(store: Store, clock: VirtualClock, ctx: ProductContext) {
    this.store = store;
    this.clock = clock;
    this.ctx = ctx;
    this.productId = ctx.product.id;
    this.runner = undefined as unknown as RolloutRunner;
    this.bus.subscribe(liveEvents, ({ name, data }) => {
      this.heard.push({ name, data: JSON.parse(Buffer.from(data ?? '').toString()) });
    });
  }

  /** Versions 6 and 7 have run, 8 is new, 5 is archived. */
  static async open(store: Store, clock: VirtualClock): Promise<RolloutSite> {
    const row = { name: 'sensor', name_key: 'sensor', slug: 'sensor-v1', description: '', platform_id: 32 };
    const owned = { owner_kind: 'user' as const, owner_id: ANN, settings: '{}', created_at: 0, updated_at: 0 };
    const insert = store.db.insertInto('products').values({ ...row, ...owned });
    const { id } = await insert.returning('id').executeTakeFirstOrThrow();
    const actor = { kind: 'user', userId: ANN, username: 'ann@example.net', tokenId: 't', operator: false } as const;
    const product = { id, name: 'sensor', platformId: 32, owner: { kind: 'user', id: ANN } } as unknown as Product;
    const place = { product, scope: 'firmware:release', role: 'Owner' } as const;
    const ambient = { store, clock, entropy: seededEntropy(3), log: silentLogger };
    const site = new RolloutSite(store, clock, { ...ambient, actor, ...place });
    for (const version of [5, 6, 7]) await site.#addVersion(version, clock.now());
    await site.#addVersion(8, null);
    await store.db.updateTable('product_firmware').set({ archived_at: 1 }).where('version', '=', 5).execute();
    site.runner = await site.#openRunner();
    return site;
  }

  async addDevices(count: number, member: TestMember = {}): Promise<DeviceId[]> {
    const { version = 6, groups = [], development = false, lockedTo = null } = member;
    const ids: DeviceId[] = [];
    for (let number = 0; number < count; number++) {
      const id = `e00fce68${(++this.#made).toString(16).padStart(16, '0')}` as DeviceId;
      ids.push(id);
      await insertDevice(this.store.db, { id, name: 'a', platformId: 32, publicKey: null, ownerId: null, at: 0 });
    }
    await this.store.db
      .updateTable('devices')
      .set({
        product_id: this.productId,
        firmware_product_id: version === null ? null : this.productId,
        firmware_version: version,
        development: development ? 1 : 0,
        desired_firmware_version: lockedTo,
        last_handshake_at: this.clock.now(),
      })
      .where('id', 'in', ids)
      .execute();
    for (const name of groups) await this.join(name, ids);
    return ids;
  }

  async addGroup(name: string): Promise<void> {
    const row = { product_id: this.productId, name, description: '', color: '#000000', created_at: 0 };
    await this.store.db.insertInto('device_groups').values(row).execute();
  }

  async join(name: string, ids: readonly DeviceId[]): Promise<void> {
    const rows = ids.map((device_id) => ({ product_id: this.productId, name, device_id }));
    await this.store.db.insertInto('device_group_members').values(rows).execute();
  }

  async release(version: number, group = ''): Promise<void> {
    const row = { product_id: this.productId, version, immediate: 0, group_name: group, released_by: ANN };
    await this.store.db
      .insertInto('firmware_releases')
      .values({ ...row, released_at: this.clock.now() })
      .execute();
  }

  /** Begins a rollout to all devices, and lets its first step be chosen. */
  async create(input: Partial<RolloutInput> = {}): Promise<Rollout> {
    const rollout = await createRollout(this.ctx, this.bus, { version: 7, productDefault: true, ...input });
    await this.settle();
    return rollout;
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    // Once more for what was told on the bus at the end.
    for (let round = 0; round < 3; round++) {
      await this.clock.settle();
      await this.runner.settled();
    }
  }

  async elapse(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  /** The device says Hello with that version of its product. */
  async runs(ids: readonly DeviceId[], version: number): Promise<void> {
    await this.write(ids, { firmware_product_id: this.productId, firmware_version: version });
    await Promise.all(ids.map((id) => this.runner.noteRan(id, this.productId, version)));
    await this.settle();
  }

  async write(ids: readonly DeviceId[], changes: Record<string, string | number | null>): Promise<void> {
    await this.store.db.updateTable('devices').set(changes).where('id', 'in', ids).execute();
  }

  /** An update that the rollout brought ends so. @param isTold false as when the server is killed before anybody hears of it */
  async attempt(rolloutId: string, deviceId: DeviceId, outcome: string, isTold = true): Promise<void> {
    const id = `u${++this.#attempts}`;
    const at = this.clock.now();
    const target = { productId: this.productId, version: 7, rolloutId };
    const message = outcome === 'refused' ? 'integrity check failed' : null;
    await this.store.db
      .insertInto('firmware_updates')
      .values({ id, device_id: deviceId, requested_by: 'system', created_at: at, images_done: 0, ended_at: at })
      .execute();
    await this.store.db
      .updateTable('firmware_updates')
      .set({ outcome, message, reason: 'rollout', rollout_id: rolloutId, product_id: this.productId, version: 7 })
      .where('id', '=', id)
      .execute();
    const ended = { id, reason: 'rollout' as const, target, outcome, message: message ?? undefined };
    if (isTold) for (const listener of this.#endListeners) listener(deviceId, ended);
    await this.settle();
  }

  async fail(rolloutId: string, ids: readonly DeviceId[]): Promise<void> {
    for (const id of ids) for (let time = 0; time < 3; time++) await this.attempt(rolloutId, id, 'refused');
  }

  /** Ends the runner, and opens another one over the same store. */
  async restart(): Promise<void> {
    await this.runner.close();
    this.runner = await this.#openRunner();
    await this.settle();
  }

  async find({ id }: Pick<Rollout, 'id'>): Promise<Rollout> {
    const rollout = await findRollout(this.store.db, id);
    if (rollout === undefined) throw new Error('there is no such rollout');
    return rollout;
  }

  counts({ id }: Pick<Rollout, 'id'>) {
    return countDevices(this.store.db, id);
  }

  async devices({ id }: Pick<Rollout, 'id'>, state?: 'offered' | 'succeeded' | 'failed' | 'left') {
    return pageOfDevices(this.store.db, id, state, undefined, 10_000);
  }

  async ids(rollout: Pick<Rollout, 'id'>, state?: 'offered' | 'succeeded' | 'failed' | 'left'): Promise<DeviceId[]> {
    return (await this.devices(rollout, state)).map(({ deviceId }) => deviceId);
  }

  async kinds({ id }: Pick<Rollout, 'id'>): Promise<string[]> {
    return (await pageOfEntries(this.store.db, id, 0, 100)).map(({ kind }) => kind);
  }

  /** What each of the devices should run, as the rules say. */
  async targets(ids: readonly DeviceId[]): Promise<(number | undefined)[]> {
    const releases = await findReleases(this.store.db, this.productId);
    const members = await findTargetFacts(this.store.db, ids);
    return ids.map((id) => {
      const facts = members.get(id)?.facts;
      return facts && resolveTarget(facts, releases)?.version;
    });
  }

  #openRunner(): Promise<RolloutRunner> {
    return RolloutRunner.open({
      store: this.store,
      bus: this.bus,
      clock: this.clock,
      log: silentLogger,
      commands: { isOnline: (id) => this.online.has(id) },
      updates: {
        onEnded: (listener) => {
          this.#endListeners.add(listener);
          return () => this.#endListeners.delete(listener);
        },
        progressOf: (id) =>
          this.updating.has(id)
            ? ({ id: 'u', stage: 'transferring' } as unknown as ReturnType<RolloutRunnerUpdates['progressOf']>)
            : undefined,
      },
    });
  }

  async #addVersion(version: number, ranAt: number | null): Promise<void> {
    const numbers = { product_id: this.productId, version, size: 1, mandatory: 0, uploaded_at: 0, updated_at: 0 };
    const texts = { id: `v${version}`, title: `v${version}`, description: '', file_name: 'a.bin', file_hash: '' };
    const row = { ...numbers, ...texts, kind: 'binary' as const, uploaded_by: ANN, first_run_at: ranAt };
    await this.store.db.insertInto('product_firmware').values(row).execute();
  }
}

type RolloutRunnerUpdates = Parameters<typeof RolloutRunner.open>[0]['updates'];
