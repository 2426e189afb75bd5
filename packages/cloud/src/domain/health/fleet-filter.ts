import { seconds } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { invalid } from './health-range.ts';
import { type FleetFilter, type FleetMember, findFleet } from './health-store.ts';

/** Devices of one statement: whoever waits behind it waits for no more. */
const DEVICES_PER_STATEMENT = 200;
/** A request goes on for no longer. */
const MOST_TIME = seconds(20);

export interface AskedFleet {
  /** A version of the product's firmware. */
  readonly product_fw?: number | undefined;
  readonly device_os_version?: string | undefined;
  readonly device_group?: string | undefined;
}

/** @throws DomainError `invalid_request` for what is no version of Device OS */
export function fleetFilterOf({ product_fw, device_os_version, device_group }: AskedFleet): FleetFilter | undefined {
  const filter = {
    ...(product_fw !== undefined && { firmwareVersion: product_fw }),
    ...(device_os_version !== undefined && { systemVersion: systemVersionOf(device_os_version) }),
    ...(device_group !== undefined && { group: device_group }),
  };
  return Object.keys(filter).length === 0 ? undefined : filter;
}

/** 6.2.1 is 6201, as devices tell it (protocol section 5.1); the number itself will do. */
function systemVersionOf(text: string): number {
  const match = /^(\d{1,2})\.(\d)\.(\d{1,2})$/.exec(text);
  if (match !== null) return Number(match[1]) * 1000 + Number(match[2]) * 100 + Number(match[3]);
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw invalid('device_os_version must be a version such as 6.2.1');
}

/**
 * The devices that a product has now and that pass the filter, a few hundred at a time.
 * @throws DomainError `unavailable` when that goes on for longer than a request should
 */
export async function* fleetOf(
  { store, clock }: Pick<Ambient, 'store' | 'clock'>,
  productId: number,
  filter: FleetFilter = {},
): AsyncGenerator<readonly FleetMember[]> {
  const began = clock.monotonic();
  for (let after = ''; ; ) {
    const members = await findFleet(store.history, productId, filter, after, DEVICES_PER_STATEMENT);
    if (members.length > 0) yield members;
    const last = members.at(-1);
    if (last === undefined || members.length < DEVICES_PER_STATEMENT) return;
    if (clock.monotonic() - began > MOST_TIME) {
      throw new DomainError(
        'unavailable',
        'unavailable',
        'That took too long; ask for a shorter time, or for fewer devices',
      );
    }
    after = last.id;
  }
}
