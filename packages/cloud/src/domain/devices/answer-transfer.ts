import { errorMessage } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import { type AccountServices, digest, findUserNames, lockUser } from '../accounts/index.ts';
import type { Ambient, UserActor, UserContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { mayOwn } from './claim-rules.ts';
import type { Device } from './device.ts';
import { deviceChanges } from './device-changes.ts';
import { changeOwner, findDevice } from './device-store.ts';
import { type Transfer, type TransferAnswer, unknownTransfer } from './transfer.ts';
import { answerTransferRow, findWaitingTransfer } from './transfer-store.ts';

export interface TransferParts {
  readonly bus: Bus;
  readonly services: Pick<AccountServices, 'mailer'>;
}

/** What an owner is asked. */
export interface TransferQuestion {
  readonly device: Device;
  /** E-mail of whoever asks. */
  readonly requestedBy: string;
}

/**
 * Gives a device away or keeps it, as its owner says; whoever asked for it gets a mail.
 * @throws DomainError `device.unknown_transfer`, also for one that somebody else has to answer; `device.transfer_void` when the device has another
 *   owner by now or may not go to whoever asked.
 */
export async function answerTransfer(
  ctx: UserContext,
  parts: TransferParts,
  transferId: string,
  answer: TransferAnswer,
): Promise<void> {
  const transfer = await findWaitingTransfer(ctx.store.db, 'id', transferId, ctx.clock.now());
  if (transfer === undefined || transfer.fromOwnerId !== ctx.actor.userId) throw unknownTransfer();
  await settle(ctx, parts, transfer, answer);
}

/** As `answerTransfer`, for whoever has the token of the mail to the owner. @returns that owner. */
export async function answerTransferByToken(
  ctx: Ambient,
  parts: TransferParts,
  token: string,
  answer: TransferAnswer,
): Promise<Pick<UserActor, 'userId' | 'username'>> {
  const { db } = ctx.store;
  const transfer = await findWaitingTransfer(db, 'token_hash', digest(token), ctx.clock.now());
  if (transfer === undefined) throw unknownTransfer();
  const { fromOwnerId: userId } = transfer;
  const username = (await findUserNames(db, [userId])).get(userId) ?? '';
  await settle(ctx, parts, transfer, answer);
  return { userId, username };
}

/** What the token of a mail asks. @throws DomainError `device.unknown_transfer`; `device.transfer_void` when the device has another owner by now. */
export async function transferQuestion(ctx: Ambient, token: string): Promise<TransferQuestion> {
  const { db } = ctx.store;
  const transfer = await findWaitingTransfer(db, 'token_hash', digest(token), ctx.clock.now());
  if (transfer === undefined) throw unknownTransfer();
  return describe(ctx, transfer);
}

async function settle(ctx: Ambient, parts: TransferParts, transfer: Transfer, answer: TransferAnswer): Promise<void> {
  const { id, deviceId, fromOwnerId, toUserId } = transfer;
  const question = await describe(ctx, transfer);
  const isApproved = answer === 'approve';
  if (isApproved && !(await mayOwn(ctx, { kind: 'user', id: toUserId }, question.device))) throw transferVoid();
  await ctx.store.db.transaction().execute(async (db) => {
    // Nothing is given to an account that is being deleted.
    if (isApproved && !(await lockUser(db, toUserId))) throw unknownTransfer();
    if (!(await answerTransferRow(db, id, isApproved ? 'approved' : 'declined'))) throw unknownTransfer();
    if (!isApproved) return;
    if (!(await changeOwner(db, deviceId, fromOwnerId, toUserId, ctx.clock.now()))) throw transferVoid();
  });
  if (isApproved) parts.bus.publish(deviceChanges, { deviceId, ownerId: toUserId });
  ctx.log.info({ device: deviceId, transfer: id, answer }, 'transfer of a device answered');
  await tellAsker(ctx, parts, question, isApproved);
}

async function describe(ctx: Ambient, transfer: Transfer): Promise<TransferQuestion> {
  const { db } = ctx.store;
  const [device, names] = await Promise.all([
    findDevice(db, transfer.deviceId),
    findUserNames(db, [transfer.toUserId]),
  ]);
  const requestedBy = names.get(transfer.toUserId);
  if (device === undefined || requestedBy === undefined) throw unknownTransfer();
  if (device.ownerId !== transfer.fromOwnerId) throw transferVoid();
  return { device, requestedBy };
}

/** The answer stands already: a mail that cannot be sent changes nothing of it. */
async function tellAsker(
  { log }: Ambient,
  { services }: TransferParts,
  { device, requestedBy }: TransferQuestion,
  isApproved: boolean,
): Promise<void> {
  const outcome = isApproved ? 'is yours now' : 'stays with its owner, who has declined';
  try {
    await services.mailer.send({
      to: requestedBy,
      subject: isApproved ? 'A device is yours now' : 'A device stays with its owner',
      text: `The device ${device.id} that you asked for ${outcome}.\n`,
    });
  } catch (error) {
    log.warn({ device: device.id, error: errorMessage(error) }, 'the answer about a transfer could not be mailed');
  }
}

const transferVoid = () =>
  new DomainError(
    'conflict',
    'device.transfer_void',
    'The device has another owner now, or may not go to whoever asked for it; nothing was changed',
  );
