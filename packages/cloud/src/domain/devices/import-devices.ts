import { type DeviceId, parseDeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Bus } from '../../bus/index.ts';
import type { Tables } from '../../store/tables.ts';
import { findUserByName } from '../accounts/index.ts';
import { permissionDenied } from '../authorization/index.ts';
import { DomainError } from '../domain-error.ts';
import { enterProduct, findProduct, type ProductContext, productPeople } from '../products/index.ts';
import { lockTeam } from '../teams/index.ts';
import type { Device } from './device.ts';
import { deviceChanges } from './device-changes.ts';
import { invalidInput } from './device-errors.ts';
import { findDevices } from './device-store.ts';
import { removeFromGroups } from './groups/group-store.ts';
import { holdProduct } from './hold-product.ts';
import { ownersAllowedIn } from './product-device.ts';
import { tooManyDevices } from './product-device-errors.ts';
import { claimUnowned, findByLabel, joinProduct } from './product-device-store.ts';
import { leaveQuarantine } from './quarantine-store.ts';
import { MAX_IMPORTED } from './read-device-list.ts';
import { firmwareTargets } from './target-topic.ts';

export interface ImportDevicesInput {
  /** Device ids, serial numbers, IMEIs or ICCIDs, in any case. */
  readonly devices: readonly string[];
  /** E-mail of a member of the team, who gets those that nobody owns. */
  readonly claimUser?: string | undefined;
}

/** Everything in lower case, as it was sent, except for the ids of devices that joined or were there. */
export interface ImportResult {
  readonly updated: readonly DeviceId[];
  readonly existing: readonly DeviceId[];
  /** Owned by somebody outside the team. */
  readonly nonmember: readonly string[];
  /** Not known, other hardware than the product's, or in a product that the caller may not take devices from. */
  readonly invalid: readonly string[];
}

/** A device of the list, by the line that named it first. */
interface Candidate {
  readonly line: string;
  readonly device: Device;
}

const PER_STATEMENT = 5000;
const MAX_LABEL_CHARACTERS = 256;

/**
 * Makes devices members of the product, in one transaction; each line that can't be is reported and holds up no other (PRD-11, PRD-12). One that was
 * quarantined or denied is approved by it.
 * @throws DomainError `device.too_many`, `device.invalid` when `claimUser` is not in the team.
 */
export async function importDevices(ctx: ProductContext, bus: Bus, input: ImportDevicesInput): Promise<ImportResult> {
  if (input.devices.length > MAX_IMPORTED) throw tooManyDevices(MAX_IMPORTED);
  const { product } = ctx;
  const claimant = input.claimUser === undefined ? undefined : await teamMember(ctx, input.claimUser);
  const lines = [...new Set(input.devices.map((text) => text.trim().toLowerCase()).filter((text) => text !== ''))];
  const { candidates, unknown } = await findCandidates(ctx.store.db, lines);
  const existing = candidates.filter(({ device }) => device.productId === product.id);
  const { allowed, foreign } = await splitByProduct(ctx, candidates);
  const owners = [...new Set(allowed.flatMap(({ device }) => device.ownerId ?? []))];
  const allowedOwners = await allowedAmong(ctx, owners);
  const isNonmember = ({ device }: Candidate) => device.ownerId !== null && !allowedOwners.has(device.ownerId);
  const joining = allowed.filter((one) => !isNonmember(one));

  const at = ctx.clock.now();
  const result = await ctx.store.db.transaction().execute(async (db) => {
    await holdProduct(db, product);
    const joined: DeviceId[] = [];
    const claimed: DeviceId[] = [];
    // Behind the product's lock, so that no device joins one that is being deleted.
    if (!(await lockTeam(db, { kind: 'product', id: String(product.id) }))) throw permissionDenied();
    for (const [from, group] of Map.groupBy(joining, ({ device }) => device.productId)) {
      for (const part of partsOf(group)) {
        const ids = part.map(({ device }) => device.id);
        const ownerIds = [...new Set(part.flatMap(({ device }) => device.ownerId ?? []))];
        if (from !== null) await removeFromGroups(db, from, ids);
        joined.push(...(await joinProduct(db, ids, { productId: product.id, from, ownerIds, at })));
        await leaveQuarantine(db, product.id, ids);
      }
    }
    if (claimant !== undefined) {
      const ids = [...joined, ...existing.map(({ device }) => device.id)];
      for (const part of partsOf(ids)) claimed.push(...(await claimUnowned(db, part, claimant, at)));
    }
    return { joined: new Set(joined), claimed: new Set(claimed) };
  });

  for (const id of new Set([...result.joined, ...result.claimed])) {
    bus.publish(deviceChanges, {
      deviceId: id,
      ...(result.joined.has(id) && { productId: product.id }),
      ...(result.claimed.has(id) && claimant !== undefined && { ownerId: claimant }),
    });
  }
  const joined = joining.filter(({ device }) => result.joined.has(device.id));
  for (const [from, group] of Map.groupBy(joined, ({ device }) => device.productId)) {
    const deviceIds = group.map(({ device }) => device.id);
    bus.publish(firmwareTargets, { productId: product.id, deviceIds });
    if (from !== null) bus.publish(firmwareTargets, { productId: from, deviceIds });
  }
  // Whoever moved or was claimed between the look and the transaction did not join.
  const overtaken = joining.filter(({ device }) => !result.joined.has(device.id));
  ctx.log.info({ product: product.id, devices: result.joined.size }, 'devices imported');
  return {
    updated: [...result.joined],
    existing: existing.map(({ device }) => device.id),
    nonmember: allowed.filter(isNonmember).map(({ line }) => line),
    invalid: [...unknown, ...foreign.map(({ line }) => line), ...overtaken.map(({ line }) => line)],
  };
}

/** Could it be printed on a device, or name somebody? */
function isLabel(text: string): boolean {
  return text.length <= MAX_LABEL_CHARACTERS && !text.includes('\0');
}

async function teamMember(ctx: ProductContext, username: string): Promise<string> {
  const user = isLabel(username) ? await findUserByName(ctx, username) : undefined;
  const people = await productPeople(ctx.store.db, ctx.product);
  if (user !== undefined && people.has(user.id)) return user.id;
  throw invalidInput('claim_user must be the e-mail of somebody in the team of the product');
}

async function findCandidates(db: Kysely<Tables>, lines: readonly string[]) {
  const byLine = new Map<string, Device>();
  for (const part of partsOf(lines)) {
    const ids = part.flatMap((line) => parseDeviceId(line) ?? []);
    if (ids.length > 0) for (const device of await findDevices(db, ids)) byLine.set(device.id, device);
    await findByLabels(db, part, byLine);
  }
  const candidates: Candidate[] = [];
  const seen = new Set<DeviceId>();
  for (const [line, device] of byLine) {
    if (!seen.has(device.id)) candidates.push({ line, device });
    seen.add(device.id);
  }
  return { candidates, unknown: lines.filter((line) => !byLine.has(line)) };
}

async function findByLabels(db: Kysely<Tables>, lines: readonly string[], byLine: Map<string, Device>): Promise<void> {
  const labels = lines.filter((line) => !byLine.has(line) && isLabel(line));
  // Serial numbers are stored as the device says them: in capitals.
  const serials = labels.flatMap((line) => [line, line.toUpperCase()]);
  const numbers = labels.filter((line) => /^\d{14,22}$/.test(line));
  if (serials.length > 0) {
    for (const device of await findByLabel(db, 'serial_number', serials)) {
      byLine.set((device.serialNumber ?? '').toLowerCase(), device);
    }
  }
  if (numbers.length === 0) return;
  for (const device of await findByLabel(db, 'imei', numbers)) byLine.set(device.imei ?? '', device);
  for (const device of await findByLabel(db, 'iccid', numbers)) byLine.set(device.iccid ?? '', device);
}

/** Devices that may come, as far as hardware and the products that they are in go, and those that may not. */
async function splitByProduct(ctx: ProductContext, candidates: readonly Candidate[]) {
  const outside = candidates.filter(({ device }) => device.productId !== ctx.product.id);
  const fitting = outside.filter(({ device }) => isHardwareOf(ctx.product.platformId, device));
  const products = new Set(fitting.flatMap(({ device }) => device.productId ?? []));
  const open = new Set<number>();
  for (const id of products) if (await mayTakeFrom(ctx, id)) open.add(id);
  const allowed = fitting.filter(({ device }) => device.productId === null || open.has(device.productId));
  const chosen = new Set(allowed);
  return { allowed, foreign: outside.filter((one) => !chosen.has(one)) };
}

/** A device that was registered without saying what it is, and that has not connected yet, may be anything. */
function isHardwareOf(platformId: number, device: Device): boolean {
  return device.platformId === platformId || (device.platformId === 0 && device.lastHandshakeAt === null);
}

async function mayTakeFrom(ctx: ProductContext, productId: number): Promise<boolean> {
  try {
    await enterProduct(ctx, String(productId), 'devices:remove');
    return true;
  } catch (error) {
    // A product that is gone holds nothing back.
    if (error instanceof DomainError) return (await findProduct(ctx.store.db, productId)) === undefined;
    throw error;
  }
}

async function allowedAmong(ctx: ProductContext, ownerIds: readonly string[]): Promise<Set<string>> {
  const allowed = new Set<string>();
  for (const part of partsOf(ownerIds)) {
    for (const id of await ownersAllowedIn(ctx, ctx.product, part)) allowed.add(id);
  }
  return allowed;
}

function* partsOf<Item>(items: readonly Item[]): Iterable<readonly Item[]> {
  for (let at = 0; at < items.length; at += PER_STATEMENT) yield items.slice(at, at + PER_STATEMENT);
}
