import { days } from '@cloudchamber/kernel';
import { type AccountServices, digest, findUserNames, lockUser, newId, newSecret } from '../accounts/index.ts';
import type { OwnerContext, UserActor } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { type Mail, sendMail } from '../mail/index.ts';
import { claimableDevice } from './claim-device.ts';
import { claimantOf, mayOwn } from './claim-rules.ts';
import type { Device } from './device.ts';
import { deviceOwnedByOther } from './device-errors.ts';
import { countWaitingTransfers, deleteTransfer, findTransferOf, insertTransfer } from './transfer-store.ts';

const LIFETIME_MS = days(7);
/** Transfers that one account may wait for. */
const MOST_WAITING = 20;

/**
 * Asks the owner of a device for it, by mail. Asking again while the owner has not answered changes nothing and sends no other mail.
 * @param selector the id of the device
 * @returns the id of the transfer, or undefined when nobody has to be asked: the device is the caller's or nobody's.
 * @throws DomainError `device.not_found`; `device.owned_by_other` for a customer and for a device that the caller may not have;
 *   `device.customer_owned`, `device.transfer_declined`, `device.too_many_transfers`, `mail_unavailable`.
 */
export async function requestTransfer(
  ctx: OwnerContext,
  services: Pick<AccountServices, 'mailer' | 'publicUrl'>,
  selector: string,
): Promise<string | undefined> {
  const { actor } = ctx;
  const device = await claimableDevice(ctx, selector);
  const claimant = claimantOf(actor);
  if (device.ownerId === null || device.ownerId === claimant.id) return undefined;
  if (actor.kind !== 'user' || !(await mayOwn(ctx, claimant, device))) throw deviceOwnedByOther();
  const owner = (await findUserNames(ctx.store.db, [device.ownerId])).get(device.ownerId);
  if (owner === undefined) throw customerOwned();
  const token = newSecret(ctx.entropy);
  const asked = await storeTransfer(ctx, actor, device, device.ownerId, token);
  if (!asked.isNew) return asked.id;
  try {
    await sendMail(ctx, services.mailer, transferMail(services.publicUrl, owner, actor.username, device, token));
  } catch (error) {
    await deleteTransfer(ctx.store.db, asked.id);
    throw error;
  }
  ctx.log.info({ device: device.id, user: actor.userId, transfer: asked.id }, 'transfer of a device asked for');
  return asked.id;
}

interface Asked {
  readonly id: string;
  readonly isNew: boolean;
}

function storeTransfer(
  ctx: OwnerContext,
  { userId }: UserActor,
  device: Device,
  fromOwnerId: string,
  token: string,
): Promise<Asked> {
  const now = ctx.clock.now();
  const id = newId(ctx.entropy);
  return ctx.store.db.transaction().execute(async (db) => {
    // Requests of one account wait for each other, so that they can be counted.
    await lockUser(db, userId);
    const before = await findTransferOf(db, device.id, userId);
    if (before !== undefined && before.expiresAt > now && before.fromOwnerId === fromOwnerId) {
      if (before.state === 'waiting') return { id: before.id, isNew: false };
      if (before.state === 'declined') throw transferDeclined();
    }
    if (before !== undefined) await deleteTransfer(db, before.id);
    if ((await countWaitingTransfers(db, userId, now)) >= MOST_WAITING) throw tooManyTransfers();
    await insertTransfer(db, {
      id,
      token_hash: digest(token),
      device_id: device.id,
      from_owner_id: fromOwnerId,
      to_user_id: userId,
      state: 'waiting',
      created_at: now,
      expires_at: now + LIFETIME_MS,
    });
    return { id, isNew: true };
  });
}

function transferMail(publicUrl: string, to: string, asker: string, device: Device, token: string): Mail {
  return {
    to,
    subject: 'Somebody asks for one of your devices',
    text: [
      `${asker} asks you for the device "${device.name}" (${device.id}).`,
      '',
      'To give it away or to keep it, open this page within a week:',
      '',
      `${publicUrl}/device-transfer?token=${token}`,
      '',
      'If you do nothing, the device stays yours.',
      '',
    ].join('\n'),
  };
}

const customerOwned = () =>
  new DomainError(
    'forbidden',
    'device.customer_owned',
    'That belongs to a customer of its product. Release it in the product first, then claim it.',
  );

const transferDeclined = () =>
  new DomainError('conflict', 'device.transfer_declined', 'Its owner has declined; ask again a week later');

const tooManyTransfers = () =>
  new DomainError(
    'limit_exceeded',
    'device.too_many_transfers',
    `An account may wait for ${MOST_WAITING} devices; wait for an answer first`,
  );
