import type { DeviceId } from '@cloudchamber/kernel';
import type { Selectable } from 'kysely';
import type { DeviceTransferRow } from '../../store/tables/devices.ts';
import { DomainError } from '../domain-error.ts';

/** Somebody asks the owner of a device for it. Times are ms UTC. */
export interface Transfer {
  readonly id: string;
  readonly deviceId: DeviceId;
  /** Who owned the device when it was asked for: the account that may answer. */
  readonly fromOwnerId: string;
  readonly toUserId: string;
  readonly state: 'waiting' | 'approved' | 'declined';
  readonly createdAt: number;
  readonly expiresAt: number;
}

export type TransferAnswer = 'approve' | 'decline';

export function transferOf(row: Selectable<DeviceTransferRow>): Transfer {
  return {
    id: row.id,
    deviceId: row.device_id as DeviceId,
    fromOwnerId: row.from_owner_id,
    toUserId: row.to_user_id,
    state: row.state,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

/** Alike for one that never was, that is answered, that is too old, and that somebody else has to answer. */
export const unknownTransfer = () =>
  new DomainError('not_found', 'device.unknown_transfer', 'No such transfer waits for an answer; it may be too old');
