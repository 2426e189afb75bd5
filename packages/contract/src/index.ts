export { accountRoutes } from './accounts.ts';
export { addressRoutes } from './addresses.ts';
export { auditRoutes } from './audit.ts';
export { claimRoutes } from './claims.ts';
export {
  ApiError,
  type Arguments,
  addressOf,
  type Client,
  type ClientOptions,
  createClient,
  type Input,
  type OperationPaths,
  type Output,
} from './client.ts';
export { connectionRoutes } from './connections.ts';
export { type ConsoleCloud, type ConsoleUser, consoleRoutes } from './console.ts';
export { customerRoutes } from './customers.ts';
export { dataOperationRoutes } from './data-operations.ts';
export type { Access, Method, RateLimit, ResponseBody, Responses, Route } from './define-route.ts';
export { defineRoute } from './define-route.ts';
export { type DeliveryFamily, deliveryFamilies } from './deliveries.ts';
export { deviceRoutes } from './devices.ts';
export { eventGroupRoutes } from './event-groups.ts';
export { eventIdField, eventRoutes, type StreamedEvent, streamedEvent } from './events.ts';
export { booleanField, errorBody, integerField, okBody, timestampField } from './fields.ts';
export { firmwareModuleRoutes } from './firmware-modules.ts';
export { groupRoutes } from './groups.ts';
export { healthRoutes } from './health.ts';
export { historyRoutes, type PastEvent } from './history.ts';
export { type IntegrationFamily, integrationFamilies } from './integrations.ts';
export { keyRoutes } from './keys.ts';
export { mailboxRoutes } from './mailbox.ts';
export { oauthRoutes } from './oauth.ts';
export { type OperationName, type Operations, operations } from './operations.ts';
export { organizationRoutes } from './organizations.ts';
export { permissionRoutes } from './permissions.ts';
export { productDeviceRoutes } from './product-devices.ts';
export { productFirmwareRoutes } from './product-firmware.ts';
export { productRoutes } from './products.ts';
export { rolloutRoutes } from './rollouts.ts';
export { routes } from './routes.ts';
export { isScope, SCOPES, type Scope } from './scopes.ts';
export { searchRoutes } from './search.ts';
export { serviceRoutes } from './service.ts';
export { simRoutes } from './sims.ts';
export { teamRoutes } from './teams.ts';
export { formatTimestamp, parseTimestamp } from './timestamps.ts';
export { type ShownProgress, updateProgressRoutes } from './update-progress.ts';
export { updateRoutes } from './updates.ts';
export { vitalsRoutes } from './vitals.ts';
