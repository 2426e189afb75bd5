import { describe, expect, it } from 'vitest';
import { fakeCloud, refusal } from '../../../test/fake-cloud.ts';
import { fakeDevice, fakeProductDevice } from '../../../test/fake-device.ts';
import { findDevice, withDevice } from './find-device.ts';

const ID = 'e00fce68a1b2c3d4e5f60718';
const pump = fakeDevice({ id: ID, name: 'Pumpe Süd' });
const notYours = () => {
  throw refusal(403, 'Permission Denied');
};

describe('findDevice', () => {
  it('asks the cloud for an own device by id in any case, and by name', async () => {
    const cloud = fakeCloud({ getDevice: () => pump });
    expect(await findDevice(cloud, ID.toUpperCase())).toBe(pump);
    expect(await findDevice(cloud, ' Pumpe Süd ')).toBe(pump);
    expect(cloud.asked).toEqual([
      ['getDevice', { params: { deviceId: ID } }],
      ['getDevice', { params: { deviceId: 'Pumpe Süd' } }],
    ]);
  });

  it('names what is near when it is not an own device', async () => {
    const cloud = fakeCloud({ getDevice: notYours, listDevices: () => [pump, fakeDevice({ name: 'roof\u001b[31m' })] });
    await expect(findDevice(cloud, 'Pumpe Sud')).rejects.toMatchObject({
      kind: 'not-found',
      message: '"Pumpe Sud" is none of your devices',
      next: 'Did you mean "Pumpe Süd"? "chamber list" shows all.',
    });
    await expect(findDevice(cloud, 'roof')).rejects.toMatchObject({ next: expect.stringContaining('mean "roof"?') });
    await expect(findDevice(cloud, 'barn')).rejects.toMatchObject({ next: '"chamber list" shows all.' });
  });

  it('tells another refusal as it is', async () => {
    const cloud = fakeCloud({ getDevice: notYours, listDevices: () => [pump] });
    await expect(findDevice(cloud, ID)).rejects.toMatchObject({ status: 403 });
    await expect(findDevice(cloud, pump.name)).rejects.toMatchObject({ status: 403 });
    await expect(findDevice(fakeCloud({}), ID)).rejects.toMatchObject({ status: 404 });
    await expect(findDevice(cloud, '  ')).rejects.toMatchObject({ kind: 'usage' });
  });

  it('finds a device that is called as a part of an address', async () => {
    const events = fakeDevice({ name: 'events' });
    const cloud = fakeCloud({ listDevices: () => [pump, events], getDevice: () => events });
    expect(await findDevice(cloud, 'events')).toBe(events);
    expect(cloud.asked.at(-1)).toEqual(['getDevice', { params: { deviceId: events.id } }]);
  });

  describe('in a product', () => {
    const member = fakeProductDevice({ id: ID, name: 'Pumpe' });
    const page = (...devices: (typeof member)[]) => ({ devices, customers: [], meta: { total_pages: 1, total: 1 } });

    it('asks by id at once, and looks names up', async () => {
      const cloud = fakeCloud({ getProductDevice: () => member, listProductDevices: () => page(member) });
      expect(await findDevice(cloud, ID, 'lamps')).toBe(member);
      expect(cloud.asked.map(([name]) => name)).toEqual(['getProductDevice']);
      expect(await findDevice(cloud, 'pumpe', 'lamps')).toBe(member);
      expect(cloud.asked[1]).toEqual([
        'listProductDevices',
        expect.objectContaining({ params: { productIdOrSlug: 'lamps' } }),
      ]);
    });

    it('says that it has no such device', async () => {
      const cloud = fakeCloud({ listProductDevices: () => page() });
      await expect(findDevice(cloud, 'pumpe', 'lamps')).rejects.toMatchObject({ kind: 'not-found' });
    });
  });
});

describe('withDevice', () => {
  it('is one request, and tells refusals that are not of the device as they are', async () => {
    const cloud = fakeCloud({});
    expect(await withDevice(cloud, 'Pumpe', undefined, async (deviceId) => deviceId)).toBe('Pumpe');
    const unknown = refusal(404, 'Unknown Function: x');
    for (const product of [undefined, 'lamps']) {
      await expect(withDevice(cloud, ID, product, () => Promise.reject(unknown))).rejects.toBe(unknown);
    }
    expect(cloud.asked).toEqual([]);
  });
});
