import { printable } from '../../output/printable.ts';
import { openTable } from '../../output/table.ts';
import type { Customer } from './list-customers.ts';

/** A table of customers that come in portions. */
export function customerTable(): (customers: readonly Customer[]) => string[] {
  const lines = openTable(['Customer', 'Devices']);
  return (customers) =>
    lines(
      customers.map(({ username, devices }) => [printable(username), devices.length === 0 ? '-' : devices.join(', ')]),
    );
}
