import type { DeviceCommands } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import type { DevicePast } from '../devices/index.ts';
import type { UpdateJournal, UpdateProgress } from '../firmware/index.ts';
import type { ProductContext } from '../products/index.ts';
import {
  findReleases,
  findTargetFacts,
  isDue,
  type MemberTarget,
  resolveTarget,
  type Target,
} from '../releases/index.ts';
import type { Blocked } from './decide-update.ts';
import type { FleetUpdater } from './fleet-updater.ts';
import {
  type AttemptPosition,
  countUpdating,
  findUpdatesOf,
  findUpdating,
  type UpdateAttempt,
} from './update-history-store.ts';

/** What knows what is under way and what waits. */
export interface UpdateSight {
  readonly commands: Pick<DeviceCommands, 'isOnline'>;
  readonly updates: Pick<UpdateJournal, 'progressOf'>;
  readonly fleet: Pick<FleetUpdater, 'waitOf' | 'waitingIn'>;
}

/** What a device should run and does not. */
interface PendingFirmware {
  readonly version: number;
  readonly reason: Target['reason'];
  readonly rolloutId: string | undefined;
  /** Why it does not get it now; undefined when it is about to. */
  readonly blocked: Blocked | 'waiting_for_slot' | 'offline' | 'next_handshake' | undefined;
  /** When it is tried again by itself, ms UTC. */
  readonly retryAt: number | undefined;
  readonly message: string | undefined;
}

/** A device with what is under way and what waits. */
export interface UpdateState {
  readonly deviceId: DeviceId;
  readonly current: UpdateProgress | undefined;
  readonly pending: PendingFirmware | undefined;
}

export interface DeviceUpdates extends UpdateState {
  readonly updates: readonly UpdateAttempt[];
  /** Where the next page begins. */
  readonly next: AttemptPosition | undefined;
}

/** The updates of a device that the caller was found to see, the newest first. @param page `before` is `next` of the page before */
export async function listDeviceUpdates(
  store: Store,
  sight: UpdateSight,
  { device, since }: DevicePast,
  page: { readonly before: AttemptPosition | undefined; readonly limit: number },
): Promise<DeviceUpdates> {
  const found = await findUpdatesOf(store.history, device.id, { ...page, since, limit: page.limit + 1 });
  const updates = found.slice(0, page.limit);
  const last = updates.at(-1);
  const hasMore = found.length > page.limit && last !== undefined;
  const [state] = await statesOf(store, sight, [device.id]);
  return {
    ...(state ?? { deviceId: device.id, current: sight.updates.progressOf(device.id), pending: undefined }),
    updates,
    next: hasMore ? { at: last.createdAt, id: last.id } : undefined,
  };
}

/** What goes on in a product. */
export interface ProductUpdates {
  readonly updating: number;
  /** Devices that are online and wait, by why. */
  readonly waiting: ReadonlyMap<string, number>;
  readonly devices: readonly UpdateState[];
  /** The last device of this page, when there are more. */
  readonly next: DeviceId | undefined;
}

/** Devices of the product that are being updated or wait for it, in the order of their ids. @param page `after` is `next` of the page before */
export async function listProductUpdates(
  { store, product }: ProductContext,
  sight: UpdateSight,
  page: { readonly after: string; readonly limit: number },
): Promise<ProductUpdates> {
  const { after, limit } = page;
  const waiting = sight.fleet.waitingIn(product.id);
  const counts = new Map<string, number>();
  for (const blocked of waiting.values()) counts.set(blocked, (counts.get(blocked) ?? 0) + 1);
  const later = [...waiting.keys()].filter((id) => id > after);
  const updating = await findUpdating(store.history, product.id, after, limit + 1);
  const ids = [...new Set([...updating, ...later])].sort().slice(0, limit + 1);
  const shown = ids.slice(0, limit);
  return {
    updating: await countUpdating(store.history, product.id),
    waiting: counts,
    devices: (await statesOf(store, sight, shown)).filter(({ productId }) => productId === product.id),
    next: ids.length > limit ? shown.at(-1) : undefined,
  };
}

/** The states of those of the devices that are in a product, in their order. */
async function statesOf(
  store: Store,
  sight: UpdateSight,
  ids: readonly DeviceId[],
): Promise<(UpdateState & Pick<MemberTarget, 'productId'>)[]> {
  const members = await findTargetFacts(store.history, ids);
  const [first] = members.values();
  if (first === undefined) return [];
  const releases = await findReleases(store.history, first.productId);
  return ids.flatMap((deviceId) => {
    const member = members.get(deviceId);
    if (member === undefined) return [];
    const target = resolveTarget(member.facts, releases);
    const current = sight.updates.progressOf(deviceId);
    const isPending = target !== null && target.version !== member.running && !brings(current, member, target);
    return {
      deviceId,
      productId: member.productId,
      current,
      pending: isPending ? pendingOf(sight, member, target) : undefined,
    };
  });
}

function brings(current: UpdateProgress | undefined, { productId }: MemberTarget, { version }: Target): boolean {
  return current?.target?.productId === productId && current.target.version === version;
}

function pendingOf({ commands, fleet }: UpdateSight, member: MemberTarget, target: Target): PendingFirmware {
  const { version, reason, rolloutId } = target;
  const pending = { version, reason, rolloutId, retryAt: undefined, message: undefined };
  if (!commands.isOnline(member.id)) return { ...pending, blocked: 'offline' };
  if (!isDue(target, member)) return { ...pending, blocked: 'next_handshake' };
  const wait = fleet.waitOf(member.id);
  return { ...pending, blocked: wait?.blocked, retryAt: wait?.until, message: wait?.message };
}
