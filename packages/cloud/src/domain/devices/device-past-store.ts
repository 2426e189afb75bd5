import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import { keyedRead, type Tables } from '../../store/index.ts';

const joinedAt = keyedRead((db, id: string) =>
  db.selectFrom('devices').select('joined_product_at').where('id', '=', id),
);

/** When the device joined the product that it is in, ms UTC; 0 when nobody noted that. */
export async function findJoinedAt(db: Kysely<Tables>, id: DeviceId): Promise<number> {
  const [row] = await joinedAt(db, id);
  return row?.joined_product_at ?? 0;
}
