import type Particle from 'particle-api-js';
import { expect } from 'vitest';
import { refusalOf } from '../../harness/api-client.ts';
import { newDeviceIdentity } from '../../harness/devices.ts';
import { type Methods, works } from './method.ts';
import { withRunningDevice } from './product-firmware.ts';
import { createProduct, newcomer, registerByOperator, registerProductDevice } from './world.ts';

export const productMethods: Methods = {
  listProducts: works(async (world) => {
    const { client } = await newcomer(world);
    expect((await client.listProducts({})).body).toMatchObject({ products: [] });
    const { products } = (await world.ann.listProducts({})).body;
    expect(products).toContainEqual(expect.objectContaining({ id: world.product, name: 'Greenhouse' }));
    expect(products).toContainEqual(expect.objectContaining({ id: world.orgProduct, name: 'Fleet' }));
  }),
  getProduct: works(async ({ ann, product, orgProduct }) => {
    const ours = await ann.getProduct({ product: orgProduct });
    expect(ours.body).toMatchObject({ product: { id: orgProduct, name: 'Fleet', org: expect.any(String) } });
    const byId = await ann.getProduct({ product });
    expect(byId.body).toMatchObject({ product: { id: product, name: 'Greenhouse', slug: 'greenhouse-v1' } });
    expect((await ann.getProduct({ product: 'greenhouse-v1' })).body).toEqual(byId.body);
  }),
  addDeviceToProduct: works(async (world) => {
    const { ann, operator } = world;
    const product = await createProduct(ann, 'Imports');
    const { deviceId } = await registerProductDevice({ ann, operator, product });
    const again = await ann.addDeviceToProduct({ product, deviceId });
    expect(again.body).toMatchObject({ existingDeviceIds: [deviceId], invalidDeviceIds: [] });
    const unknown = newDeviceIdentity().deviceId;
    const { body } = await ann.addDeviceToProduct({ product, file: Buffer.from(`${deviceId}\r\n${unknown}\n`) });
    expect(body).toMatchObject({ existingDeviceIds: [deviceId], invalidDeviceIds: [unknown] });
    const labelled = await registerByOperator(operator, { serial_number: 'P046IMPORTED001' });
    const byLabel = await ann.addDeviceToProduct({ product, file: Buffer.from('p046imported001\n') });
    expect(byLabel.body).toMatchObject({ updatedDeviceIds: [labelled.deviceId], invalidDeviceIds: [] });
    await ann.removeDevice({ product, deviceId: labelled.deviceId });
    const listed = (await ann.listDevices({ product, page: 1, perPage: 5, sortAttr: 'deviceId' })).body;
    expect(listed).toMatchObject({ devices: [{ id: deviceId, product_id: product }], meta: { total_pages: 1 } });
  }),
  removeDeviceOwner: works(async (world) => {
    const { ann, annAccount, product } = world;
    const { deviceId } = await registerProductDevice(world, { owner: annAccount.username });
    await ann.removeDeviceOwner({ product, deviceId });
    expect((await ann.getDevice({ product, deviceId })).body).toMatchObject({ id: deviceId, owner: null });
  }),
  markAsDevelopmentDevice: works(async ({ ann, product, productDevice: { deviceId } }) => {
    for (const development of [true, false]) {
      await ann.markAsDevelopmentDevice({ product, deviceId, development });
      expect((await ann.getDevice({ product, deviceId })).body).toMatchObject({ development });
    }
  }),
  lockDeviceProductFirmware: works(async (world) => {
    const { ann } = world;
    const { product, deviceId, device, runs } = await withRunningDevice(world, 'Locks');
    const locked = { product, deviceId, desiredFirmwareVersion: 1 };
    await ann.lockDeviceProductFirmware(locked);
    expect((await ann.getDevice({ product, deviceId })).body).toMatchObject({ desired_firmware_version: 1 });
    const unknown = ann.lockDeviceProductFirmware({ ...locked, desiredFirmwareVersion: 6 });
    expect(await refusalOf(unknown)).toMatchObject({ status: 400, body: { error: expect.stringContaining('6') } });
    await ann.lockDeviceProductFirmware({ ...locked, flash: true });
    await runs(1);
    await device.disconnect();
  }),
  unlockDeviceProductFirmware: works(async (world) => {
    const { ann } = world;
    const { product, deviceId, device } = await withRunningDevice(world, 'Unlocks');
    await ann.lockDeviceProductFirmware({ product, deviceId, desiredFirmwareVersion: 1 });
    await ann.unlockDeviceProductFirmware({ product, deviceId });
    expect((await ann.getDevice({ product, deviceId })).body).toMatchObject({ desired_firmware_version: null });
    await device.disconnect();
  }),
};

/** The list of members as it is sent; the types of the client leave out what is around it. */
async function membersOf(client: Particle, product: number): Promise<readonly unknown[]> {
  const { body } = await client.listTeamMembers({ product });
  return (body as unknown as { team: readonly unknown[] }).team;
}

export const teamMethods: Methods = {
  listTeamMembers: works(async ({ ann, annAccount, product }) => {
    const members = await membersOf(ann, product);
    expect(members).toContainEqual(expect.objectContaining({ username: annAccount.username }));
  }),
  inviteTeamMember: works(async (world) => {
    const { client, account } = await newcomer(world);
    const { ann, product } = world;
    await ann.inviteTeamMember({ product, username: account.username });
    const members = await membersOf(ann, product);
    expect(members).toContainEqual(expect.objectContaining({ username: account.username, pending: true }));
    await client.post({ uri: `/v1/user/invitations/product/${product}/accept` });
    expect((await client.getProduct({ product })).body).toMatchObject({ product: { id: product } });
  }),
  removeTeamMember: works(async (world) => {
    const { account } = await newcomer(world);
    const { ann, product } = world;
    await ann.inviteTeamMember({ product, username: account.username });
    await ann.removeTeamMember({ product, username: account.username });
    const members = await membersOf(ann, product);
    expect(members).not.toContainEqual(expect.objectContaining({ username: account.username }));
  }),
};
