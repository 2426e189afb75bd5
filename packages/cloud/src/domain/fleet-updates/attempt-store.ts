import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import { keyedRead, type Tables } from '../../store/index.ts';
import type { UpdateReason } from '../firmware/index.ts';
import type { Attempts } from './retry-times.ts';

const attemptsAt = keyedRead((db, deviceId: string, since: number, productId: number, version: number) =>
  db
    .selectFrom('firmware_updates')
    .select((row) => [row.fn.countAll<number>().as('count'), row.fn.max('ended_at').as('last')])
    .where('device_id', '=', deviceId)
    .where('created_at', '>=', since)
    .where('product_id', '=', productId)
    .where('version', '=', version)
    .where('ended_at', 'is not', null),
);

const madeFor = keyedRead((db, deviceId: string, since: number, reason: UpdateReason) =>
  db
    .selectFrom('firmware_updates')
    .select((row) => [row.fn.countAll<number>().as('count'), row.fn.max('ended_at').as('last')])
    .where('device_id', '=', deviceId)
    .where('created_at', '>=', since)
    .where('reason', '=', reason)
    .where('ended_at', 'is not', null),
);

/** Attempts to bring a device this version of its product's firmware that began at `since` (ms UTC) or later and are over, however they ended. */
export async function findAttempts(
  db: Kysely<Tables>,
  deviceId: DeviceId,
  target: { readonly productId: number; readonly version: number; readonly since: number },
): Promise<Attempts> {
  return attemptsOf(await attemptsAt(db, deviceId, target.since, target.productId, target.version));
}

/** Attempts to bring a device what its modules lack, likewise. */
export async function findRepairs(db: Kysely<Tables>, deviceId: DeviceId, since: number): Promise<Attempts> {
  return attemptsOf(await madeFor(db, deviceId, since, 'repair'));
}

function attemptsOf([row]: readonly { readonly count: number; readonly last: number | null }[]): Attempts {
  return { count: Number(row?.count ?? 0), lastEndedAt: Number(row?.last ?? 0) };
}
