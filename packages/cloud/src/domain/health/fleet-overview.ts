import type { DeviceCommands } from '@cloudchamber/gateway';
import { type DeviceId, days } from '@cloudchamber/kernel';
import { type ProductContext, productPeople } from '../products/index.ts';
import { fleetOf } from './fleet-filter.ts';
import { countCustomers, countMarked, countQuarantine, countVersions, type VersionCount } from './fleet-store.ts';

const ACTIVE_SINCE = days(30);

/** A fleet in figures (PRD-24). */
interface FleetOverview {
  readonly devices: {
    readonly total: number;
    readonly online: number;
    readonly development: number;
    /** That last came online in safe mode. */
    readonly safeMode: number;
    /** That wait for somebody to decide. */
    readonly quarantined: number;
    readonly denied: number;
  };
  readonly versions: readonly VersionCount[];
  readonly customers: {
    readonly total: number;
    /** That own a device which was heard in the last 30 days. */
    readonly active: number;
  };
  /** People who have a role in the product, through its team or its organization's. */
  readonly people: number;
}

/** How many devices of the product are online, what firmware they run, which customers are active and who has access: the product that the caller has entered. */
export async function fleetOverview(
  ctx: ProductContext,
  commands: Pick<DeviceCommands, 'isOnline'>,
): Promise<FleetOverview> {
  const { store, clock, product } = ctx;
  let total = 0;
  let online = 0;
  for await (const members of fleetOf(ctx, product.id)) {
    total += members.length;
    online += members.filter(({ id }) => commands.isOnline(id as DeviceId)).length;
  }
  const { development, safeMode } = await countMarked(store.history, product.id);
  const { waiting: quarantined, denied } = await countQuarantine(store.history, product.id);
  const versions = await countVersions(store.history, product.id);
  const customers = await countCustomers(store.history, product.id, clock.now() - ACTIVE_SINCE);
  const people = (await productPeople(store.db, product)).size;
  return { devices: { total, online, development, safeMode, quarantined, denied }, versions, customers, people };
}
