import { parseDeviceId } from '@cloudchamber/kernel';
import { DomainError } from '../domain-error.ts';
import type { OrganizationContext } from '../organizations/index.ts';
import { findProduct } from '../products/index.ts';
import type { Device } from './device.ts';
import { findDevice } from './device-store.ts';

/** A device of any product of an organization, by its id in any case. @throws DomainError `device.not_in_organization`, alike for one that does not exist. */
export async function organizationDevice(ctx: OrganizationContext, selector: string): Promise<Device> {
  const { db } = ctx.store;
  const id = parseDeviceId(selector);
  const device = id && (await findDevice(db, id));
  const product = device?.productId == null ? undefined : await findProduct(db, device.productId);
  if (device === undefined || product?.owner.kind !== 'organization' || product.owner.id !== ctx.organization.id) {
    throw new DomainError('not_found', 'device.not_in_organization', 'Device not found for this organization');
  }
  return device;
}
