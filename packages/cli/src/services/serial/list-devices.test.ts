import { expect, it } from 'vitest';
import { listDevices, listText } from './list-devices.ts';

const host = (...ports: { path: string; vendorId?: string; productId?: string; serialNumber?: string }[]) => ({
  list: async () => ports,
  open: () => Promise.reject(new Error('not here')),
});

it('lists devices, and the ports of other things apart', async () => {
  const { devices, others } = await listDevices(
    host(
      { path: '/dev/ttyS0' },
      { path: '/dev/ttyACM0', vendorId: '2b04', productId: 'c006', serialNumber: '0123456789ABCDEF01234567' },
      { path: '/dev/ttyACM1', vendorId: '2b04', productId: 'c020' },
    ),
  );
  expect(listText(devices)).toEqual([
    'Found 2 devices connected via serial:',
    '/dev/ttyACM0 - Photon - 0123456789abcdef01234567',
    '/dev/ttyACM1 - P2 / Photon 2',
  ]);
  expect(others).toEqual(['/dev/ttyS0']);
  expect(listText([])).toEqual(['No devices available via serial']);
});
