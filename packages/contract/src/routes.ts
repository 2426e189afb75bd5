import { accountRoutes } from './accounts.ts';
import { addressRoutes } from './addresses.ts';
import { auditRoutes } from './audit.ts';
import { claimRoutes } from './claims.ts';
import { connectionRoutes } from './connections.ts';
import { consoleRoutes } from './console.ts';
import { customerRoutes } from './customers.ts';
import { dataOperationRoutes } from './data-operations.ts';
import type { Route } from './define-route.ts';
import { deliveryRoutes } from './deliveries.ts';
import { deviceRoutes } from './devices.ts';
import { eventGroupRoutes } from './event-groups.ts';
import { eventRoutes } from './events.ts';
import { firmwareModuleRoutes } from './firmware-modules.ts';
import { groupRoutes } from './groups.ts';
import { healthRoutes } from './health.ts';
import { historyRoutes } from './history.ts';
import { integrationRoutes } from './integrations.ts';
import { keyRoutes } from './keys.ts';
import { mailboxRoutes } from './mailbox.ts';
import { oauthRoutes } from './oauth.ts';
import { organizationRoutes } from './organizations.ts';
import { permissionRoutes } from './permissions.ts';
import { productDeviceRoutes } from './product-devices.ts';
import { productFirmwareRoutes } from './product-firmware.ts';
import { productRoutes } from './products.ts';
import { rolloutRoutes } from './rollouts.ts';
import { searchRoutes } from './search.ts';
import { serviceRoutes } from './service.ts';
import { simRoutes } from './sims.ts';
import { teamRoutes } from './teams.ts';
import { updateProgressRoutes } from './update-progress.ts';
import { updateRoutes } from './updates.ts';
import { vitalsRoutes } from './vitals.ts';

/** Every route of the cloud. A test holds the server's own list against it. */
export const routes: readonly Route[] = [
  ...Object.values(accountRoutes),
  ...Object.values(addressRoutes),
  ...Object.values(auditRoutes),
  ...Object.values(claimRoutes),
  ...Object.values(consoleRoutes),
  ...Object.values(connectionRoutes),
  ...Object.values(customerRoutes),
  ...Object.values(dataOperationRoutes),
  ...deliveryRoutes,
  ...Object.values(deviceRoutes),
  ...Object.values(eventGroupRoutes),
  ...Object.values(eventRoutes),
  ...Object.values(firmwareModuleRoutes),
  ...Object.values(groupRoutes),
  ...Object.values(healthRoutes),
  ...Object.values(historyRoutes),
  ...integrationRoutes,
  ...Object.values(keyRoutes),
  ...Object.values(mailboxRoutes),
  ...Object.values(oauthRoutes),
  ...Object.values(organizationRoutes),
  ...Object.values(permissionRoutes),
  ...Object.values(productDeviceRoutes),
  ...Object.values(productFirmwareRoutes),
  ...Object.values(productRoutes),
  ...Object.values(rolloutRoutes),
  ...Object.values(searchRoutes),
  ...Object.values(serviceRoutes),
  ...Object.values(simRoutes),
  ...Object.values(teamRoutes),
  ...Object.values(updateProgressRoutes),
  ...Object.values(updateRoutes),
  ...Object.values(vitalsRoutes),
];
