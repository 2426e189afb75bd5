import type { DeviceId } from '@cloudchamber/kernel';

/** Whose events are asked for: the places that live streams have. */
export type HistoryPlace =
  /** What the devices of an account or a customer published while they were its own, and its own publishes (MSG-10). */
  | { readonly kind: 'owner'; readonly id: string }
  /** All devices of a product, whoever owned them, and what was published to it (MSG-11, PRD-23). */
  | { readonly kind: 'product'; readonly id: number }
  /** All products that the organization owns now. */
  | { readonly kind: 'organization'; readonly id: string };

/** What the caller may see and wants to see; everything given must hold. */
export interface HistoryView {
  readonly place: HistoryPlace;
  /** Only what this device published. */
  readonly deviceId?: DeviceId | undefined;
  /** Published at or after this, ms UTC. */
  readonly from?: number | undefined;
  /** Published at or before this, ms UTC. */
  readonly to?: number | undefined;
  /** Only names that begin so, case and all. */
  readonly namePrefix?: string | undefined;
  /** Only events with this in their name or their data, without regard to the case of ASCII letters. */
  readonly text?: string | undefined;
}

export interface HistoryPage {
  /** Only events before this position. */
  readonly before?: number | undefined;
  /** Only events after this position. */
  readonly after?: number | undefined;
  /** 1 to 1000 */
  readonly limit: number;
  /** `desc`: newest first. */
  readonly order: 'asc' | 'desc';
}
