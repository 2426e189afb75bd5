import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import {
  type DeliveryPlace,
  type DeliveryServices,
  deliveryNotFound,
  requireIntegration,
  requireRoom,
} from './delivery-place.ts';
import { deleteDelivery, findDelivery, makeDue } from './delivery-store.ts';
import { dueDeliveries } from './delivery-topics.ts';

/**
 * Attempts a delivery again, at once and by its whole schedule: one that failed, or one that waits.
 * @throws DomainError `integration.not_found`, `delivery.not_found`, `delivery.backlog_full`; `delivery.event_gone` when the event log has its event no longer
 */
export async function replayDelivery(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  { bus, backlog }: Pick<DeliveryServices, 'bus' | 'backlog'>,
  place: DeliveryPlace,
  deliveryId: number,
): Promise<void> {
  await requireIntegration(ctx, place);
  const { integrationId } = place;
  const delivery = await findDelivery(ctx.store.reads, integrationId, deliveryId);
  if (delivery === undefined) throw deliveryNotFound();
  if (delivery.event === null) {
    throw new DomainError('conflict', 'delivery.event_gone', 'The event log has the event of this delivery no longer');
  }
  const failed = delivery.dueAt === null;
  if (failed) requireRoom(backlog, integrationId);
  if ((await makeDue(ctx.store.db, integrationId, [deliveryId], ctx.clock.now())) === 0) throw deliveryNotFound();
  bus.publish(dueDeliveries, { integrationId, more: failed ? 1 : 0 });
}

/** Gives a delivery up for good: one that failed, or one that waits. @throws DomainError `integration.not_found`, `delivery.not_found` */
export async function dropDelivery(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  { bus }: Pick<DeliveryServices, 'bus'>,
  place: DeliveryPlace,
  deliveryId: number,
): Promise<void> {
  await requireIntegration(ctx, place);
  const { integrationId } = place;
  const gone = await deleteDelivery(ctx.store.db, integrationId, deliveryId);
  if (gone === undefined) throw deliveryNotFound();
  if (gone.waited) bus.publish(dueDeliveries, { integrationId, more: -1 });
}
