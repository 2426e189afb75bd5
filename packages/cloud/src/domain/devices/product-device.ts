import { type DeviceId, parseDeviceId } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import { findCustomerIdsOf } from '../customers/index.ts';
import { type Product, type ProductContext, productPeople } from '../products/index.ts';
import type { Device } from './device.ts';
import { defaultName } from './device-name.ts';
import { findDevice } from './device-store.ts';
import { findGroupsOfDevices } from './groups/group-store.ts';
import { deviceNotInProduct } from './product-device-errors.ts';
import type { ListedDevice } from './product-device-store.ts';
import { findQuarantine } from './quarantine-store.ts';

/** A device as the product's routes show it. */
export interface ProductDevice extends ListedDevice {
  readonly groups: readonly string[];
}

/**
 * The device of the product with that id, in any case. Having a `ProductContext` is the permission.
 * @throws DomainError `device.not_in_product` for one that is elsewhere, only in quarantine, or nowhere, alike.
 */
export async function productDevice(ctx: ProductContext, id: string): Promise<Device> {
  const device = await findDevice(ctx.store.reads, parseMemberId(id));
  if (device?.productId !== ctx.product.id) throw deviceNotInProduct();
  return device;
}

/** As `productDevice`, with its groups; also a device in the product's quarantine. @throws DomainError `device.not_in_product` */
export async function getProductDevice(ctx: ProductContext, id: string): Promise<ProductDevice> {
  const { db } = ctx.store;
  const device = await findDevice(db, parseMemberId(id));
  if (device === undefined) throw deviceNotInProduct();
  if (device.productId === ctx.product.id) {
    const groups = await findGroupsOfDevices(db, ctx.product.id, [device.id]);
    return { device, groups: groups.get(device.id) ?? [], quarantined: false, denied: false };
  }
  const quarantine = await findQuarantine(db, ctx.product.id, device.id);
  if (quarantine === undefined) throw deviceNotInProduct();
  return { device: withoutPrivateParts(device), groups: [], quarantined: true, denied: quarantine.denied };
}

/** What a product sees of a device that has only asked to join: it may be somebody else's, in somebody else's product. */
export function withoutPrivateParts(device: Device): Device {
  return {
    ...device,
    name: defaultName(device.id),
    ownerId: null,
    productId: null,
    notes: null,
    functions: null,
    variables: null,
    systemDescribe: null,
    lastIp: null,
    iccid: null,
    imei: null,
    development: false,
    desiredFirmwareVersion: null,
  };
}

/**
 * Which of these owners' devices may be in the product: those of people with a role in it, and of its customers (PRD-12). Devices that nobody
 * owns may be in any.
 */
export async function ownersAllowedIn(
  ctx: Pick<Ambient, 'store'>,
  product: Pick<Product, 'id' | 'owner'>,
  ownerIds: readonly string[],
): Promise<Set<string>> {
  if (ownerIds.length === 0) return new Set();
  const people = await productPeople(ctx.store.db, product);
  const customers = await findCustomerIdsOf(ctx.store.db, product.id, ownerIds);
  return new Set(ownerIds.filter((id) => people.has(id) || customers.has(id)));
}

/** @throws DomainError `device.not_in_product` for what is no device id: it is in no product. */
export function parseMemberId(text: string): DeviceId {
  const id = parseDeviceId(text);
  if (id === undefined) throw deviceNotInProduct();
  return id;
}
