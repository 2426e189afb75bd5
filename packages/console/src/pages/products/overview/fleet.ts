import type { Output } from '@cloudchamber/contract';

/** A fleet in figures. */
export type Fleet = Output<'getFleet'>;

/** What the parts of the overview are told. */
export interface OfProduct {
  /** Id or slug, as in the address. */
  readonly product: string;
}

/** @returns such as "1 device", "2 devices" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** @returns whole percents, never 0 for a part that is there nor 100 for one that is not all */
export function percentOf(part: number, whole: number): number {
  if (whole === 0 || part === 0) return 0;
  if (part === whole) return 100;
  return Math.min(99, Math.max(1, Math.round((part / whole) * 100)));
}
