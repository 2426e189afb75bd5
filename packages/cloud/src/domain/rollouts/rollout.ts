import { defineTopic } from '../../bus/index.ts';
import type { RolloutDeviceState, RolloutState } from '../../store/tables/fleets.ts';

export type { RolloutDeviceState, RolloutState };

/** What a step reaches: a part of the scope, a number of devices in all, or the members of groups. */
export type RolloutStep =
  | { readonly percent: number }
  | { readonly count: number }
  | { readonly groups: readonly string[] };

/** Whom a rollout is for in the end. */
export interface RolloutScope {
  readonly productDefault: boolean;
  readonly groups: readonly string[];
}

export interface RolloutSettings {
  /** Between the end of a step and the next one. */
  readonly pauseMinutes: number;
  /** More failures than these percent of the devices of the steps so far halt it. */
  readonly failureThresholdPercent: number;
  /** How long a device may take, from the offer on. */
  readonly deadlineMinutes: number;
  /** Devices that are online don't wait for their next handshake. */
  readonly immediate: boolean;
}

/** Devices of the scope that a step leaves alone. */
export interface PassedOver {
  readonly development: number;
  readonly locked: number;
  /** A release to one of their groups wins. */
  readonly otherRelease: number;
}

/** A release of one version of a product's firmware in steps. Times are ms UTC. */
export interface Rollout {
  readonly id: string;
  readonly productId: number;
  readonly version: number;
  readonly scope: RolloutScope;
  readonly steps: readonly RolloutStep[];
  readonly settings: RolloutSettings;
  readonly state: RolloutState;
  /** From 0. */
  readonly step: number;
  /** When all devices of the step had been chosen; null while they are. */
  readonly stepStartedAt: number | null;
  /** When all of them were decided. */
  readonly stepEndedAt: number | null;
  readonly resumedAt: number | null;
  readonly forgivenAt: number | null;
  readonly endedAt: number | null;
  readonly message: string | null;
  readonly passedOver: PassedOver | null;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** How many devices are in each state. */
export type RolloutCounts = Readonly<Record<RolloutDeviceState, number>>;

export const NO_COUNTS: RolloutCounts = { offered: 0, succeeded: 0, failed: 0, left: 0 };

/** States in which a rollout has not ended. A product has one such rollout at most. */
export const ACTIVE_STATES = ['running', 'waiting', 'paused', 'halted'] as const satisfies readonly RolloutState[];

export function isActive(state: RolloutState): boolean {
  return ACTIVE_STATES.some((active) => active === state);
}

/** What has become of a rollout was committed: whoever drives it looks at it. */
export interface RolloutChanged {
  readonly rolloutId: string;
}

export const rolloutChanges = defineTopic<RolloutChanged>('rollouts');
