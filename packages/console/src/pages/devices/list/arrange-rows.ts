import type { DevicesSearch, SortKey } from '../devices-search.ts';
import type { DeviceRow } from './device-rows.ts';

/** @returns the rows that every word of `q` is part of (name, id, type, product, serial number), sorted as asked for */
export function arrangeRows(rows: readonly DeviceRow[], { q = '', sort, dir }: DevicesSearch): DeviceRow[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length === 0 ? rows : rows.filter((row) => words.every((word) => textOf(row).includes(word)));
  if (sort === undefined) return [...found];
  const sign = dir === 'desc' ? -1 : 1;
  const compare = ORDERS[sort];
  return found.toSorted((a, b) => sign * compare(a, b));
}

function textOf({ device, type, product }: DeviceRow): string {
  return [device.name, device.id, type, product?.name, device.serial_number].join('\n').toLowerCase();
}

type Order = (a: DeviceRow, b: DeviceRow) => number;
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const byText =
  (text: (row: DeviceRow) => string): Order =>
  (a, b) =>
    collator.compare(text(a), text(b));
/** ISO times compare as texts; who never did stands first. */
const byTime =
  (time: (row: DeviceRow) => string | null): Order =>
  (a, b) => {
    const [one, other] = [time(a) ?? '', time(b) ?? ''];
    return one < other ? -1 : one > other ? 1 : 0;
  };

const ORDERS: Readonly<Record<SortKey, Order>> = {
  online: (a, b) => Number(a.device.online) - Number(b.device.online),
  name: byText(({ device }) => device.name),
  id: byText(({ device }) => device.id),
  type: byText(({ type }) => type),
  product: byText(({ product }) => product?.name ?? ''),
  connected: byTime(({ device }) => device.last_handshake_at),
  heard: byTime(({ device }) => device.last_heard),
};
