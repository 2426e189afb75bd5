import { accountRoutes } from './accounts.ts';
import { addressRoutes } from './addresses.ts';
import { auditRoutes } from './audit.ts';
import { claimRoutes } from './claims.ts';
import { connectionRoutes } from './connections.ts';
import { consoleRoutes } from './console.ts';
import { customerRoutes } from './customers.ts';
import { dataOperationRoutes } from './data-operations.ts';
import { deliveryFamilies } from './deliveries.ts';
import { deviceRoutes } from './devices.ts';
import { eventGroupRoutes } from './event-groups.ts';
import { eventRoutes } from './events.ts';
import { firmwareModuleRoutes } from './firmware-modules.ts';
import { groupRoutes } from './groups.ts';
import { healthRoutes } from './health.ts';
import { historyRoutes } from './history.ts';
import { integrationFamilies } from './integrations.ts';
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

const [own] = integrationFamilies.own;
const [ofProduct] = integrationFamilies.ofProduct;
const [ofOrganization] = integrationFamilies.ofOrganization;
const deliveries = deliveryFamilies;

/**
 * The routes that programs of ours call, by operation, each with its own types: what `createClient` is made from. Left out are the
 * older names of the routes for webhooks.
 */
export const operations = {
  ...accountRoutes,
  ...addressRoutes,
  ...auditRoutes,
  ...claimRoutes,
  ...connectionRoutes,
  ...consoleRoutes,
  ...customerRoutes,
  ...dataOperationRoutes,
  ...deviceRoutes,
  ...eventGroupRoutes,
  ...eventRoutes,
  ...firmwareModuleRoutes,
  ...groupRoutes,
  ...historyRoutes,
  ...keyRoutes,
  ...mailboxRoutes,
  ...oauthRoutes,
  ...organizationRoutes,
  ...permissionRoutes,
  ...productDeviceRoutes,
  ...productFirmwareRoutes,
  ...productRoutes,
  ...rolloutRoutes,
  ...searchRoutes,
  ...serviceRoutes,
  ...simRoutes,
  ...teamRoutes,
  ...updateProgressRoutes,
  ...updateRoutes,
  ...vitalsRoutes,
  countOnlineDevices: healthRoutes.online,
  countEvents: healthRoutes.events,
  countIntegrationAttempts: healthRoutes.integration,
  countIntegrationsAttempts: healthRoutes.integrations,
  countFunctionCalls: healthRoutes.functions,
  countVariableReads: healthRoutes.variables,
  getFleet: healthRoutes.getFleet,
  listPresence: healthRoutes.listPresence,
  listProductPresence: healthRoutes.listProductPresence,
  copyIntegration: integrationFamilies.copyIntegration,
  listIntegrations: own.list,
  createIntegration: own.create,
  getIntegration: own.get,
  updateIntegration: own.update,
  deleteIntegration: own.remove,
  testIntegration: own.test,
  listProductIntegrations: ofProduct.list,
  createProductIntegration: ofProduct.create,
  getProductIntegration: ofProduct.get,
  updateProductIntegration: ofProduct.update,
  deleteProductIntegration: ofProduct.remove,
  testProductIntegration: ofProduct.test,
  listOrganizationIntegrations: ofOrganization.list,
  createOrganizationIntegration: ofOrganization.create,
  getOrganizationIntegration: ofOrganization.get,
  updateOrganizationIntegration: ofOrganization.update,
  deleteOrganizationIntegration: ofOrganization.remove,
  testOrganizationIntegration: ofOrganization.test,
  listDeliveries: deliveries.own.list,
  replayDelivery: deliveries.own.replayOne,
  replayDeliveries: deliveries.own.replay,
  deleteDelivery: deliveries.own.drop,
  listProductDeliveries: deliveries.ofProduct.list,
  replayProductDelivery: deliveries.ofProduct.replayOne,
  replayProductDeliveries: deliveries.ofProduct.replay,
  deleteProductDelivery: deliveries.ofProduct.drop,
  listOrganizationDeliveries: deliveries.ofOrganization.list,
  replayOrganizationDelivery: deliveries.ofOrganization.replayOne,
  replayOrganizationDeliveries: deliveries.ofOrganization.replay,
  deleteOrganizationDelivery: deliveries.ofOrganization.drop,
};

export type Operations = typeof operations;
export type OperationName = keyof Operations;
