import type { DeviceCommands } from '@cloudchamber/gateway';
import { type Clock, type DeviceId, days } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import { type Device, findDevice } from '../devices/index.ts';
import { isDue, type MemberTarget, type Target } from '../releases/index.ts';
import { findAttempts, findRepairs } from './attempt-store.ts';
import type { Obstacle } from './fleet-plans.ts';
import { retryAt } from './retry-times.ts';

/** Why a device that should get something does not get it now. */
export type Blocked = 'updates_disabled' | 'backing_off' | 'updating' | Obstacle;

/** A device that waits. */
export interface Wait {
  readonly blocked: Blocked;
  /** When it is looked at again by itself, ms UTC. */
  readonly until?: number;
  /** What people should know beside `blocked`. */
  readonly message?: string;
}

/** Something that a device is to be sent. */
export interface UpdateJob {
  readonly device: Device;
  /** The version of its product's firmware; absent for what brings it out of safe mode. */
  readonly target?: Target;
  /** Of a member. */
  readonly productId?: number;
  /** What a member runs of its product's firmware. */
  readonly running?: number | null;
}

/** What is to be done for a device now. */
export type Decision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'wait'; readonly wait: Wait }
  | { readonly kind: 'send'; readonly job: UpdateJob };

export interface DecisionParts {
  readonly store: Pick<Store, 'reads'>;
  readonly clock: Clock;
  readonly commands: Pick<DeviceCommands, 'isOnline'>;
}

/** A device that a member is or isn't, as it is in the store. */
export interface Candidate {
  readonly deviceId: DeviceId;
  /** Undefined for a device that is in no product. */
  readonly member: MemberTarget | undefined;
  readonly target: Target | null;
  /** It has said that it runs in safe mode. */
  readonly isInSafeMode: boolean;
}

const NOTHING: Decision = { kind: 'nothing' };
/** Repairs that were tried longer ago don't count any more. */
const REPAIRS_COUNT_MS = days(7);

/**
 * What a device that is not being updated is to be sent now: the firmware of its product that it should run when that is due, else what brings it out of safe mode
 * (OTA-25). Reads a few rows by key, and nothing is remembered: another process decides the same.
 */
export async function decideUpdate(parts: DecisionParts, candidate: Candidate): Promise<Decision> {
  const { deviceId, member, target, isInSafeMode } = candidate;
  if (!parts.commands.isOnline(deviceId)) return NOTHING;
  const due = member !== undefined && target !== null && isDue(target, member) ? target : undefined;
  if (due === undefined && !isInSafeMode) return NOTHING;
  const device = await findDevice(parts.store.reads, deviceId);
  if (device === undefined || (due === undefined && !device.safeMode)) return NOTHING;
  if (device.updatesEnabled === false && !device.updatesForced) {
    return { kind: 'wait', wait: { blocked: 'updates_disabled' } };
  }
  const now = parts.clock.now();
  const attempts =
    due === undefined || member === undefined
      ? await findRepairs(parts.store.reads, deviceId, now - REPAIRS_COUNT_MS)
      : await findAttempts(parts.store.reads, deviceId, { ...due, productId: member.productId });
  const until = retryAt(attempts);
  if (until > now) return { kind: 'wait', wait: { blocked: 'backing_off', until } };
  const firmware = member && { productId: member.productId, running: member.running };
  return { kind: 'send', job: { device, ...(due && { target: due }), ...firmware } };
}
