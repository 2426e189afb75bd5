import type { Bus } from '../../bus/index.ts';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { EventTargets } from '../events/index.ts';
import { getIntegration, type Integration, type IntegrationOwner } from '../integrations/index.ts';
import type { DeliveryBacklog } from './delivery-backlog.ts';

/** What the verbs of deliveries need besides their context. */
export interface DeliveryServices {
  readonly bus: Bus;
  readonly backlog: DeliveryBacklog;
  /** Which integrations an event triggers. */
  readonly integrations: EventTargets;
}

/** The integration that is asked about, and whose it is said to be. */
export interface DeliveryPlace {
  readonly owner: IntegrationOwner;
  readonly integrationId: string;
}

/** @throws DomainError `integration.not_found`, also for that of another owner */
export async function requireIntegration(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  { owner, integrationId }: DeliveryPlace,
): Promise<Integration> {
  return (await getIntegration(ctx, owner, integrationId)).integration;
}

export const deliveryNotFound = () =>
  new DomainError('not_found', 'delivery.not_found', 'The integration has no such delivery');

/** @throws DomainError `delivery.backlog_full` when nothing more may wait for the integration */
export function requireRoom(backlog: DeliveryBacklog, integrationId: string): number {
  const room = backlog.room(integrationId);
  if (room > 0) return room;
  const text = 'The most deliveries that may wait for an integration do so already: try again when some were delivered';
  throw new DomainError('conflict', 'delivery.backlog_full', text);
}
