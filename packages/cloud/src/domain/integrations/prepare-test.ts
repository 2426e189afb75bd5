import { parseDeviceId } from '@cloudchamber/kernel';
import type { StoredEvent } from '../../store/index.ts';
import type { Ambient } from '../context.ts';
import type { IntegrationOwner } from './integration.ts';
import { integrationNotFound } from './integration-errors.ts';
import type { IntegrationServices } from './integration-services.ts';
import { findIntegrationRow } from './integration-store.ts';
import { type OpenIntegration, openRow } from './open-integration.ts';

const DEFAULT_TTL_SECONDS = 60;

export interface TestInput {
  /** Of the event. */
  readonly data: string;
  /** What shows as `coreid`: a device, or `api`. */
  readonly deviceId: string;
}

/**
 * What a test of an integration is made with (section 4 of the event notes): an event named as its prefix, which nobody published. One that is disabled can be
 * tested too.
 * @throws DomainError `integration.not_found`, also for that of another owner.
 */
export async function prepareTest(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  { secrets }: Pick<IntegrationServices, 'secrets'>,
  owner: IntegrationOwner,
  id: string,
  { data, deviceId }: TestInput,
): Promise<{ readonly integration: OpenIntegration; readonly event: StoredEvent }> {
  const row = await findIntegrationRow(ctx.store.reads, owner, id);
  if (row === undefined) throw integrationNotFound();
  const at = ctx.clock.now();
  const event: StoredEvent = {
    // No event of the log has it: those are counted from 1.
    sequence: at,
    ownerId: owner.kind === 'user' ? owner.id : null,
    productId: owner.kind === 'product' ? Number(owner.id) : null,
    deviceId: parseDeviceId(deviceId) ?? null,
    publisher: deviceId,
    name: row.event,
    data: data === '' ? null : Buffer.from(data),
    contentFormat: 0,
    ttlSeconds: DEFAULT_TTL_SECONDS,
    publishedAt: at,
  };
  return { integration: openRow(secrets, row), event };
}
