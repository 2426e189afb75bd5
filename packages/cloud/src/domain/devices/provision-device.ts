import { type DeviceId, parseDeviceId } from '@cloudchamber/kernel';
import type { TokenContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { enterProduct } from '../products/index.ts';
import type { Device } from './device.ts';
import { defaultName } from './device-name.ts';
import { changeDevice, findDevice, insertDevice } from './device-store.ts';
import { holdProduct } from './hold-product.ts';

const ID_BYTES = 12;

/**
 * Makes a new device with an id of its own in a product, owned by nobody and without a key: that is registered next.
 * @throws DomainError of `enterProduct` for `devices:import`
 */
export async function provisionDevice(ctx: TokenContext, productSelector: string): Promise<Device> {
  const { product } = await enterProduct(ctx, productSelector, 'devices:import');
  const at = ctx.clock.now();
  const id = newDeviceId(ctx);
  return ctx.store.db.transaction().execute(async (db) => {
    await holdProduct(db, product);
    const fresh = { id, name: defaultName(id), platformId: product.platformId, publicKey: null, ownerId: null, at };
    const isNew = await insertDevice(db, fresh);
    if (isNew) await changeDevice(db, id, { product_id: product.id, joined_product_at: at });
    const device = isNew ? await findDevice(db, id) : undefined;
    if (device === undefined) {
      throw new DomainError('conflict', 'device.id_taken', 'The new id was taken already; try again');
    }
    return device;
  });
}

function newDeviceId({ entropy }: TokenContext): DeviceId {
  const id = parseDeviceId(entropy.bytes(ID_BYTES).toString('hex'));
  if (id === undefined) throw new TypeError('a device id has 24 hex digits');
  return id;
}
