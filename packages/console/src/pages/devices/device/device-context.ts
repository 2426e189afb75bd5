import type { Scope } from '@cloudchamber/contract';
import { createContext, useContext } from 'react';
import type { Place } from '../../../data/place.ts';
import type { Device, DeviceApi, ProductDevice } from './device-api.ts';

/** What the parts of a device's page share. */
export interface DeviceFacts {
  readonly place: Place;
  readonly api: DeviceApi;
  readonly device: Device | ProductDevice;
  /** What only its product knows; undefined in the sandbox. */
  readonly member: ProductDevice | undefined;
  can(scope: Scope): boolean;
}

export const DeviceContext = createContext<DeviceFacts | null>(null);

/** @throws Error outside of a device's page */
export function useDevice(): DeviceFacts {
  const facts = useContext(DeviceContext);
  if (facts === null) throw new Error('no device');
  return facts;
}
