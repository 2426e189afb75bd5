import { ApiError } from '@cloudchamber/contract/client';
import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../cloud/cloud.ts';
import { noBar } from '../../output/progress-bar.ts';
import { addedLines, addProductDevices, nothingAdded, ownDeviceIds } from './add-product-devices.ts';

const ID = 'e00fce68a1b2c3d4e5f60718';
const none = { added: [], existing: [], invalid: [], nonmember: [], protected: [] };

describe('addProductDevices', () => {
  it('sends 10,000 at a time and puts the replies together', async () => {
    const sizes: number[] = [];
    const call = (async (_name: string, { body }: { body: { ids: string[] } }) => {
      sizes.push(body.ids.length);
      return {
        updated: 1,
        updatedDeviceIds: body.ids.slice(0, 1),
        existingDeviceIds: [],
        nonmemberDeviceIds: [],
        invalidDeviceIds: body.ids.slice(-1),
        protectedDeviceIds: [],
      };
    }) as unknown as Cloud['call'];
    const ids = Array.from({ length: 10_001 }, (_, at) => String(at));
    const added = await addProductDevices({ cloud: { call }, out: { bar: () => noBar } }, '7', { ids });
    expect(sizes).toEqual([10_000, 1]);
    expect(added).toEqual({ ...none, added: ['0', '10000'], invalid: ['9999', '10000'] });
  });
});

describe('ownDeviceIds', () => {
  it('looks names up, and leaves what it does not know', async () => {
    const call = (async (_name: string, { params }: { params: { deviceId: string } }) => {
      if (params.deviceId === 'lamp') return { id: ID };
      throw new ApiError('no', { status: 404 });
    }) as unknown as Cloud['call'];
    expect(await ownDeviceIds({ call }, ['lamp', ID.toUpperCase(), 'P046ABC'])).toEqual([ID, ID, 'P046ABC']);
    const down = (async () => {
      throw new ApiError('no', { status: 500 });
    }) as unknown as Cloud['call'];
    await expect(ownDeviceIds({ call: down }, ['lamp'])).rejects.toThrow('no');
  });
});

describe('addedLines', () => {
  it('has the lists that are not empty', () => {
    expect(addedLines({ ...none, added: [ID], invalid: ['x', 'y'] })).toEqual([
      'Added to the product (1):',
      `  ${ID}`,
      'Invalid: unknown, of other hardware, or in a product that you may not take them from (2):',
      '  x',
      '  y',
    ]);
  });
});

describe('nothingAdded', () => {
  it('is a failure when some were refused and none was added', () => {
    expect(nothingAdded({ ...none, existing: [ID], invalid: ['x'] }, '7')).toMatchObject({
      kind: 'failure',
      details: { existing: [ID], invalid: ['x'] },
    });
    expect(nothingAdded({ ...none, added: [ID], invalid: ['x'] }, '7')).toBeUndefined();
    expect(nothingAdded({ ...none, existing: [ID] }, '7')).toBeUndefined();
  });
});
