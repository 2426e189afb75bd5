import { randomBytes } from 'node:crypto';
import { deviceOs62 } from '@cloudchamber/virtual-device';
import { buildModule, ModuleFunction } from '@cloudchamber/wire';
import { expect } from 'vitest';
import { refusalOf } from '../../harness/api-client.ts';
import { newDeviceIdentity, powerOn, registerDevice } from '../../harness/devices.ts';
import { eventually } from '../../harness/eventually.ts';
import { RecordedStream } from '../../harness/recorded-stream.ts';
import { type Methods, notApplicable, works } from './method.ts';
import { withRunningDevice } from './product-firmware.ts';
import { newcomer, registerByOperator, registerProductDevice, type World } from './world.ts';

/** The world's devices as a caller names them: the own one, and the one in the product. */
const bothPlaces = ({ device, product, productDevice }: World) =>
  [
    [{ deviceId: device.deviceId as string }, device],
    [{ deviceId: productDevice.deviceId as string, product }, productDevice],
  ] as const;

export const deviceMethods: Methods = {
  listDevices: works(async ({ ann, device, productDevice }) => {
    const { body } = await ann.listDevices({});
    for (const { deviceId } of [device, productDevice]) {
      expect(body).toContainEqual(expect.objectContaining({ id: deviceId, online: true, connected: true }));
    }
  }),
  getDevice: works(async (world) => {
    for (const [place, { deviceId }] of bothPlaces(world)) {
      const { body } = await world.ann.getDevice(place);
      expect(body).toMatchObject({ id: deviceId, online: true, platform_id: deviceOs62.platformId });
    }
  }),
  claimDevice: works(async (world) => {
    const { ann, device } = world;
    const { deviceId } = await registerDevice(ann, 'to be claimed');
    await ann.removeDevice({ deviceId });
    const { client } = await newcomer(world);
    expect((await client.claimDevice({ deviceId })).body).toMatchObject({
      ok: true,
      deviceID: deviceId,
      claimed: true,
    });
    const foreign = await refusalOf(client.claimDevice({ deviceId: device.deviceId }));
    expect(foreign).toMatchObject({ status: 403, body: { ok: false } });
    const asked = await client.claimDevice({ deviceId: device.deviceId, requestTransfer: true });
    expect(asked.body).toMatchObject({ ok: true, transfer_id: expect.any(String) });
  }),
  provisionDevice: works(async ({ ann, product }) => {
    const { body } = await ann.provisionDevice({ productId: product });
    expect(body).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{24}$/), product_id: product });
  }),
  removeDevice: works(async (world) => {
    const { ann, product } = world;
    const { deviceId } = await registerDevice(ann, 'given up');
    await ann.removeDevice({ deviceId });
    expect((await ann.listDevices({})).body).not.toContainEqual(expect.objectContaining({ id: deviceId }));
    const member = await registerProductDevice(world);
    await ann.removeDevice({ product, deviceId: member.deviceId });
    const gone = await refusalOf(ann.getDevice({ product, deviceId: member.deviceId }));
    expect(gone.status).toBe(404);
  }),
  renameDevice: works(async (world) => {
    for (const [place] of bothPlaces(world)) {
      const name = `renamed-${randomBytes(3).toString('hex')}`;
      expect((await world.ann.renameDevice({ ...place, name })).body).toMatchObject({ id: place.deviceId, name });
      expect((await world.ann.getDevice(place)).body).toMatchObject({ name });
    }
  }),
  signalDevice: works(async (world) => {
    for (const [place, device] of bothPlaces(world)) {
      await world.ann.signalDevice({ ...place, signal: true });
      expect(device.signalled).toBe(true);
      await world.ann.signalDevice({ ...place, signal: false });
      expect(device.signalled).toBe(false);
    }
  }),
  setDeviceNotes: works(async (world) => {
    for (const [place] of bothPlaces(world)) {
      const { body } = await world.ann.setDeviceNotes({ ...place, notes: 'on the roof' });
      expect(body).toMatchObject({ id: place.deviceId, notes: 'on the roof' });
    }
  }),
  updateDevice: works(async (world) => {
    for (const [place, device] of bothPlaces(world)) {
      const name = `updated-${randomBytes(3).toString('hex')}`;
      const { body } = await world.ann.updateDevice({ ...place, name, notes: 'both at once', signal: true });
      expect(body).toMatchObject({ id: place.deviceId, name, notes: 'both at once' });
      expect(device.signalled).toBe(true);
      await world.ann.signalDevice({ ...place, signal: false });
    }
    const { product, deviceId, device, runs } = await withRunningDevice(world, 'Updates');
    const { body } = await world.ann.updateDevice({ product, deviceId, desiredFirmwareVersion: 1, flash: true });
    expect(body).toMatchObject({ id: deviceId, desired_firmware_version: 1 });
    await runs(1);
    await device.disconnect();
  }),
  getVariable: works(async (world) => {
    for (const [place] of bothPlaces(world)) {
      const { body } = await world.ann.getVariable({ ...place, name: 'ratio' });
      expect(body).toMatchObject({ name: 'ratio', result: 21.5, coreInfo: { deviceID: place.deviceId } });
    }
  }),
  callFunction: works(async (world) => {
    for (const [place] of bothPlaces(world)) {
      const { body } = await world.ann.callFunction({ ...place, name: 'echo', argument: 'hello' });
      expect(body).toMatchObject({ id: place.deviceId, connected: true, return_value: 5 });
    }
  }),
  flashDevice: works(async (world) => {
    for (const [place] of bothPlaces(world)) {
      const stream = await RecordedStream.open(world.ann, { deviceId: place.deviceId });
      const image = buildModule({
        function: ModuleFunction.USER_PART,
        version: 7,
        platformId: deviceOs62.platformId,
        content: randomBytes(2000),
      });
      const { body } = await world.ann.flashDevice({ ...place, files: { 'firmware.bin': image } });
      expect(body).toMatchObject({ ok: true, id: place.deviceId });
      await stream.received('spark/flash/status', 'success ');
      stream.close();
      await eventually('the device to be back', async () => (await world.ann.getDevice(place)).body.online === true);
    }
    const [[own]] = bothPlaces(world);
    const source = world.ann.flashDevice({ ...own, files: { 'app.ino': Buffer.from('void loop() {}') } });
    expect(await refusalOf(source)).toMatchObject({ status: 400, body: { error: expect.stringMatching(/./) } });
  }, 'Binaries and bundles; source code is refused, since this server does not compile yet.'),
  sendPublicKey: works(async ({ ann }) => {
    const { deviceId, publicKeyPem: key } = newDeviceIdentity();
    expect((await ann.sendPublicKey({ deviceId, key, algorithm: 'ecc' })).body).toMatchObject({ ok: true });
    await ann.claimDevice({ deviceId });
  }),
  lookupSerialNumber: works(async (world) => {
    const { ann, annAccount, operator } = world;
    const own = await registerByOperator(operator, { owner: annAccount.username, serial_number: 'P046ABCDE123456' });
    const member = await registerProductDevice(world, { serial_number: 'P046ABCDE123457' });
    for (const [{ deviceId }, serialNumber] of [
      [own, 'P046ABCDE123456'],
      [own, 'p046abcde123456'],
      [member, 'P046ABCDE123457'],
    ] as const) {
      const { body } = await ann.lookupSerialNumber({ serialNumber });
      const serial_number = serialNumber.toUpperCase();
      const reply = { ok: true, deviceID: deviceId, device_id: deviceId, serial_number };
      expect(body).toEqual({ ...reply, iccid: null, platform_id: deviceOs62.platformId });
    }
    expect((await ann.getDevice({ deviceId: own.deviceId })).body).toMatchObject({ serial_number: 'P046ABCDE123456' });
    const { client: stranger } = await newcomer(world);
    const foreign = await refusalOf(stranger.lookupSerialNumber({ serialNumber: 'P046ABCDE123456' }));
    const unknown = await refusalOf(stranger.lookupSerialNumber({ serialNumber: 'P046NOBODYS' }));
    expect(foreign).toMatchObject({ status: 404, body: { ok: false, error: expect.stringMatching(/./) } });
    expect(unknown).toEqual(foreign);
  }),
  unprotectDevice: notApplicable(
    'Device protection needs keys that only the maker of the devices has.',
    ({ ann, device }, place) => ann.unprotectDevice({ ...place, deviceId: device.deviceId, action: 'prepare' }),
  ),
  downloadManufacturingBackup: notApplicable(
    'The files of manufacturing are with the maker of the devices.',
    ({ ann, device }) => ann.downloadManufacturingBackup({ deviceId: device.deviceId }),
  ),
};

/** Setting a device up for its owner. */
export const claimMethods: Methods = {
  getClaimCode: works(async (world) => {
    const { ann, device } = world;
    const { body } = await ann.getClaimCode({});
    expect(body).toMatchObject({ claim_code: expect.stringMatching(/^[A-Za-z0-9+/]{63}$/) });
    expect((body as unknown as { device_ids: string[] }).device_ids).toContain(device.deviceId);
    const iccid = '8933150000000000001';
    expect((await ann.getClaimCode({ iccid })).body).toMatchObject({ claim_code: iccid });
    const identity = await registerByOperator(world.operator, { iccid });
    const modem = powerOn(world.server, identity);
    await modem.connect();
    const { deviceId } = identity;
    await eventually('the device with the SIM to be claimed', () => ann.getDevice({ deviceId }));
    expect((await ann.getDevice({ deviceId })).body).toMatchObject({ owner: world.annAccount.username });
    await modem.disconnect();
    const forProduct = await ann.getClaimCode({ product: world.product });
    expect(forProduct.body).toMatchObject({ claim_code: expect.stringMatching(/^[A-Za-z0-9+/]{63}$/) });
  }),
};
