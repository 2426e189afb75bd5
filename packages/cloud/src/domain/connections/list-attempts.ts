import { isIP } from 'node:net';
import { type DeviceId, parseDeviceId } from '@cloudchamber/kernel';
import { permissionsOf } from '../authorization/index.ts';
import { type OwnerContext, ownerIdOf, type UserContext } from '../context.ts';
import { productPast, reachablePast } from '../devices/index.ts';
import type { ProductContext } from '../products/index.ts';
import { keyFingerprint } from '../server-keys/index.ts';
import { type Attempt, type AttemptOutcome, plainAddress } from './attempt.ts';
import { type AttemptView, type FoundAttempt, findAttempts } from './attempt-store.ts';
import { invalidSearch } from './connection-errors.ts';

export interface AttemptSearch {
  /** A device id, in any case. */
  readonly device?: string | undefined;
  readonly address?: string | undefined;
  readonly outcome?: AttemptOutcome | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

/** An attempt as somebody sees it. */
export interface ListedAttempt {
  readonly attempt: Attempt;
  /** Null for a device that nobody has registered. */
  readonly deviceName: string | null;
  readonly registeredFingerprint: string | null;
  /** Whether whoever asks may register the key of this attempt. */
  readonly canApprove: boolean;
}

export interface AttemptList {
  readonly attempts: readonly ListedAttempt[];
  /** What the next page is asked with: null after the last one. */
  readonly next: number | null;
}

type MayApprove = (device: FoundAttempt['device']) => boolean;

/** Every attempt, newest first; for operators. @throws DomainError `connection.invalid` */
export function listAttempts(ctx: UserContext, search: AttemptSearch): Promise<AttemptList> {
  return page(ctx, { of: 'everybody' }, search, () => true);
}

/** Attempts of all devices of the account, since it claimed each. @throws DomainError `connection.invalid` */
export function listOwnAttempts(ctx: UserContext, search: AttemptSearch): Promise<AttemptList> {
  return page(ctx, { of: 'owner', ownerId: ctx.actor.userId }, search, () => true);
}

/**
 * Attempts of a device of the caller since it was claimed, or of one of a product that the caller may see, since it joined.
 * @throws DomainError `device.not_recognized`
 */
export async function listDeviceAttempts(
  ctx: OwnerContext,
  selector: string,
  search: AttemptSearch,
): Promise<AttemptList> {
  const { device, since } = await reachablePast(ctx, selector, 'devices:get');
  const isOwn = device.ownerId === ownerIdOf(ctx.actor);
  return page(ctx, { of: 'device', deviceId: device.id, since }, search, () => isOwn);
}

/** Attempts of the devices of a product since they joined. Having a `ProductContext` is the permission. @throws DomainError `connection.invalid` */
export function listProductAttempts(ctx: ProductContext, search: AttemptSearch): Promise<AttemptList> {
  return page(ctx, { of: 'product', productId: ctx.product.id }, search, approverInProduct(ctx));
}

/** As `listProductAttempts`, of one device. @throws DomainError `device.not_in_product` */
export async function listProductDeviceAttempts(
  ctx: ProductContext,
  id: string,
  search: AttemptSearch,
): Promise<AttemptList> {
  const { device, since } = await productPast(ctx, id);
  return page(ctx, { of: 'device', deviceId: device.id, since }, search, approverInProduct(ctx));
}

function approverInProduct({ actor, role, product }: ProductContext): MayApprove {
  if (!permissionsOf(actor, role).has('devices:import')) return () => false;
  const own = actor.kind === 'user' ? actor.userId : null;
  return (device) => device?.productId === product.id && (device.ownerId === null || device.ownerId === own);
}

async function page(
  ctx: Pick<OwnerContext, 'store'>,
  view: AttemptView,
  { device, address, limit, ...rest }: AttemptSearch,
  mayApprove: MayApprove,
): Promise<AttemptList> {
  const found = await findAttempts(ctx.store.history, view, {
    ...rest,
    device: device === undefined ? undefined : searchedDevice(device),
    address: address === undefined ? undefined : searchedAddress(address),
    limit: limit + 1,
  });
  const attempts = found.slice(0, limit).map((one) => listed(one, mayApprove));
  return { attempts, next: found.length > limit ? (attempts.at(-1)?.attempt.id ?? null) : null };
}

function listed({ attempt, hasKey, device }: FoundAttempt, mayApprove: MayApprove): ListedAttempt {
  const registered = device?.publicKey ? keyFingerprint(device.publicKey) : null;
  return {
    attempt,
    deviceName: device?.name ?? null,
    registeredFingerprint: registered,
    canApprove: hasKey && attempt.keyFingerprint !== registered && mayApprove(device),
  };
}

function searchedDevice(text: string): DeviceId {
  const id = parseDeviceId(text.trim());
  if (id === undefined) throw invalidSearch('device: a device id has 24 hex digits');
  return id;
}

function searchedAddress(text: string): string {
  const address = plainAddress(text.trim());
  if (isIP(address) === 0) throw invalidSearch('address: must be a whole IP address');
  return address;
}
