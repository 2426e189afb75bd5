import { deviceOs62 } from '@cloudchamber/virtual-device';
import { buildModule, ModuleFunction } from '@cloudchamber/wire';
import { expect } from 'vitest';
import { refusalOf } from '../../harness/api-client.ts';
import { powerOn } from '../../harness/devices.ts';
import { eventually } from '../../harness/eventually.ts';
import { type Methods, works } from './method.ts';
import { createProduct, registerProductDevice, type World } from './world.ts';

/** An application of the product, as a compiler makes it with PRODUCT_ID and PRODUCT_VERSION. */
function application(product: number, version: number): Buffer {
  return buildModule({
    function: ModuleFunction.USER_PART,
    version: 6,
    platformId: deviceOs62.platformId,
    content: Buffer.alloc(2000, `version ${version}`),
    product: { id: product, version },
  });
}

/** A product of Ann's with version 1 of its firmware. */
async function withFirmware({ ann }: World, name: string): Promise<number> {
  const product = await createProduct(ann, name);
  await ann.uploadProductFirmware({ product, version: 1, title: 'First', file: application(product, 1) });
  return product;
}

/** A product with version 1 of its firmware, and a device in it that is online with a version that the product doesn't have. */
export async function withRunningDevice(world: World, name: string) {
  const product = await withFirmware(world, name);
  const identity = await registerProductDevice({ ...world, product });
  const device = powerOn(world.server, identity, { productId: product, productVersion: 9 });
  await device.connect();
  const { deviceId } = identity;
  /** Waits until the device runs that version. */
  const runs = (version: number) =>
    eventually(`the device to run version ${version}`, async () => {
      const { body } = await world.ann.getDevice({ product, deviceId });
      return 'firmware_version' in body && body.firmware_version === version;
    });
  return { product, deviceId, device, runs };
}

const FIRST = { version: 1, title: 'First', product_default: false, groups: [], device_count: 0 };

/** Firmware that belongs to a product and goes to its devices by itself. */
export const productFirmwareMethods: Methods = {
  uploadProductFirmware: works(async (world) => {
    const { ann } = world;
    const product = await withFirmware(world, 'Uploads');
    const file = application(product, 2);
    const described = { product, version: 2, title: 'Second', description: 'Better', file };
    const { statusCode, body } = await ann.uploadProductFirmware(described);
    expect(statusCode).toBe(201);
    expect(body).toMatchObject({
      ...FIRST,
      version: 2,
      title: 'Second',
      description: 'Better',
      name: 'firmware.bin',
      size: file.length,
      uploaded_by: { username: world.annAccount.username },
      product_id: product,
    });
    const again = await refusalOf(ann.uploadProductFirmware({ ...described, title: 'Third' }));
    expect(again).toMatchObject({ status: 409, body: { error: expect.stringMatching(/uploaded already/) } });
    const wrong = await refusalOf(ann.uploadProductFirmware({ product, version: 3, title: 'Third', file }));
    expect(wrong).toMatchObject({ status: 400, body: { error: expect.stringMatching(/compiled as version 2/) } });
  }),
  listProductFirmware: works(async (world) => {
    const product = await withFirmware(world, 'Lists');
    const file = application(product, 2);
    await world.ann.uploadProductFirmware({ product, version: 2, title: 'Second', file });
    const { body } = await world.ann.listProductFirmware({ product });
    expect(body).toMatchObject([{ version: 2 }, FIRST]);
  }),
  getProductFirmware: works(async (world) => {
    const product = await withFirmware(world, 'Shows');
    expect((await world.ann.getProductFirmware({ product, version: 1 })).body).toMatchObject(FIRST);
    const unknown = await refusalOf(world.ann.getProductFirmware({ product, version: 2 }));
    expect(unknown).toMatchObject({ status: 404, body: { error: expect.stringMatching(/version 2/) } });
  }),
  updateProductFirmware: works(async (world) => {
    const product = await withFirmware(world, 'Changes');
    await world.ann.updateProductFirmware({ product, version: 1, title: 'Begin', description: 'Of all' });
    const { body } = await world.ann.getProductFirmware({ product, version: 1 });
    expect(body).toMatchObject({ ...FIRST, title: 'Begin', description: 'Of all' });
  }),
  downloadProductFirmware: works(async (world) => {
    const product = await withFirmware(world, 'Downloads');
    const file = await world.ann.downloadProductFirmware({ product, version: 1 });
    expect(Buffer.from(new Uint8Array(file)).equals(application(product, 1))).toBe(true);
  }),
  releaseProductFirmware: works(async (world) => {
    const { ann, server } = world;
    const product = await withFirmware(world, 'Releases');
    await ann.post({ uri: `/v1/products/${product}/groups`, data: { name: 'beta' } });
    const release = { product, version: 1, product_default: true, groups: ['beta'] };
    const early = await refusalOf(ann.releaseProductFirmware(release));
    expect(early).toMatchObject({ status: 409, body: { error: expect.stringMatching(/has run version 1 yet/) } });
    const identity = await registerProductDevice({ ...world, product });
    const device = powerOn(server, identity, { productId: product, productVersion: 1 });
    await device.connect();
    const hasRun = async () =>
      (await ann.getProductFirmware({ product, version: 1 })).body as { readonly first_run_at?: string | null };
    await eventually(
      'the version to be known to have run',
      async () => typeof (await hasRun()).first_run_at === 'string',
    );
    const { body } = await ann.releaseProductFirmware(release);
    expect(body).toMatchObject({ ...FIRST, product_default: true, groups: ['beta'], device_count: 1 });
    const group = await ann.get({ uri: `/v1/products/${product}/groups/beta` });
    expect(group.body).toMatchObject({ group: { name: 'beta', fw_version: 1 } });
    const released = await refusalOf(ann.delete({ uri: `/v1/products/${product}/firmware/1` }));
    expect(released).toMatchObject({ status: 409, body: { error: expect.stringMatching(/product default/) } });
    await device.disconnect();
    const alone = await ann.releaseProductFirmware({ product, version: 1 });
    expect(alone.body).toMatchObject({ product_default: true, groups: [] });
  }),
};
