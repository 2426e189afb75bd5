import { accountRoutes } from './accounts.ts';
import { addressRoutes } from './addresses.ts';
import type { Route } from './define-route.ts';
import { deviceRoutes } from './devices.ts';
import { eventRoutes } from './events.ts';
import { keyRoutes } from './keys.ts';
import { serviceRoutes } from './service.ts';

/** Every route of the cloud. A test holds the server's own list against it. */
export const routes: readonly Route[] = [
  ...Object.values(accountRoutes),
  ...Object.values(addressRoutes),
  ...Object.values(deviceRoutes),
  ...Object.values(eventRoutes),
  ...Object.values(keyRoutes),
  ...Object.values(serviceRoutes),
];
