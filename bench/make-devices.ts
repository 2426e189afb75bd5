import type { DeviceId } from '@cloudchamber/kernel';
import { generateP256, generateRsa } from '@cloudchamber/wire';
import { LoadDevice, type LoadPeer, type Target } from './load-device.ts';
import { TcpLoadDevice } from './tcp-load-device.ts';

/** `count` devices with fresh keys, for the target's transport; ids count up from `first`. */
export function makeDevices(count: number, first: number, target: Target): LoadPeer[] {
  return Array.from({ length: count }, (_, n) => {
    const id = `be000000${(first + n).toString(16).padStart(16, '0')}` as DeviceId;
    return target.transport === 'udp'
      ? new LoadDevice(id, generateP256(), target)
      : new TcpLoadDevice(id, generateRsa(1024), target);
  });
}
