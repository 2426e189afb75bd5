import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../cloud/cloud.ts';
import { findProductDevice, isDeviceId, productDeviceId } from './find-product-device.ts';

const ID = 'e00fce68a1b2c3d4e5f60718';
const OTHER = 'e00fce68a1b2c3d4e5f60719';
const device = (id: string, name: string, serial_number: string | null = null) => ({ id, name, serial_number });

/** Answers lists with these devices, whatever is searched for, and keeps what it was asked. */
function cloudWith(devices: readonly object[]) {
  const asked: unknown[] = [];
  const call = (async (name: string, input: object) => {
    asked.push([name, input]);
    return name === 'listProductDevices' ? { devices, meta: { total: devices.length, total_pages: 1 } } : { id: ID };
  }) as unknown as Cloud['call'];
  return { asked, call };
}

describe('findProductDevice', () => {
  it('asks for an id in any case', async () => {
    const cloud = cloudWith([]);
    expect(await findProductDevice(cloud, 'lamp', ID.toUpperCase())).toEqual({ id: ID });
    expect(cloud.asked).toEqual([['getProductDevice', { params: { productIdOrSlug: 'lamp', deviceId: ID } }]]);
  });

  it('takes the whole name before a name in another case before a serial number', async () => {
    const found = async (...devices: object[]) => (await findProductDevice(cloudWith(devices), '7', 'north')).id;
    expect(await found(device(OTHER, 'North'), device(ID, 'north'))).toBe(ID);
    expect(await found(device(OTHER, 'northern'), device(ID, 'North'))).toBe(ID);
    expect(await found(device(OTHER, 'northern'), device(ID, 'x', 'NORTH'))).toBe(ID);
  });

  it('refuses a part of a name, and a name that two have', async () => {
    const find = (...devices: object[]) => findProductDevice(cloudWith(devices), '7', 'north');
    await expect(find(device(ID, 'northern'))).rejects.toMatchObject({ kind: 'not-found' });
    await expect(find(device(ID, 'north'), device(OTHER, 'north'))).rejects.toMatchObject({
      kind: 'usage',
      message: `Several devices are called "north": ${ID}, ${OTHER}`,
    });
  });
});

describe('productDeviceId', () => {
  it('asks nothing for an id', async () => {
    const cloud = cloudWith([]);
    expect(await productDeviceId(cloud, '7', ID.toUpperCase())).toBe(ID);
    expect(cloud.asked).toEqual([]);
  });
});

describe('isDeviceId', () => {
  it('is 24 hex digits', () => {
    expect([ID, ID.toUpperCase(), ID.slice(1), `${ID}0`, 'north'].map(isDeviceId)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
