export { copyIntegration } from './copy-integration.ts';
export { createIntegration, type NewIntegration } from './create-integration.ts';
export { deleteIntegration, endIntegrations } from './delete-integration.ts';
export type { Integration, IntegrationOwner } from './integration.ts';
export { IntegrationDirectory } from './integration-directory.ts';
export { integrationNotFound } from './integration-errors.ts';
export type { IntegrationCounter, IntegrationLog, IntegrationSummary } from './integration-history-store.ts';
export type { PubSubSettings, WebhookSettings } from './integration-settings.ts';
export {
  getIntegration,
  type IntegrationDetails,
  listIntegrations,
  summarizeIntegrations,
} from './list-integrations.ts';
export { type OpenIntegration, openIntegration } from './open-integration.ts';
export { prepareTest } from './prepare-test.ts';
export { errorEvent, type HookEvent, hookSentEvent, responseEvents } from './response-events.ts';
export { maskSecrets } from './secret-fields.ts';
export { type OwedEvent, triggeringEvent } from './triggering-event.ts';
export { updateIntegration } from './update-integration.ts';
export { webhookRequest } from './webhook-request.ts';
