export { DeliveryBacklog } from './delivery-backlog.ts';
export { type DeliveryPlace, type DeliveryServices, deliveryNotFound } from './delivery-place.ts';
export type { Delivery } from './delivery-store.ts';
export type { IntegrationTargets } from './delivery-targets.ts';
export { listDeliveries } from './list-deliveries.ts';
export { type Deliveries, openDeliveries } from './open-deliveries.ts';
export { replayFailures, replayHistory } from './replay-deliveries.ts';
export { dropDelivery, replayDelivery } from './replay-delivery.ts';
export { runOnce } from './run-once.ts';
