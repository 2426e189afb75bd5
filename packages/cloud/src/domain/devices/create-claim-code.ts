import { hours } from '@cloudchamber/kernel';
import { digest } from '../accounts/index.ts';
import { permissionDenied } from '../authorization/index.ts';
import { type OwnerActor, type OwnerContext, ownerIdOf, type TokenContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { enterProduct, findProduct } from '../products/index.ts';
import { findDeviceIdsOf, saveClaimCode, trimClaimCodes } from './claim-code-store.ts';
import { type ModemIdentity, modemHash } from './claim-codes.ts';
import { invalidInput } from './device-errors.ts';

/** At most one of them, of 18 to 22 and of 15 digits; empty text counts as nothing. */
export interface ClaimCodeInput {
  readonly iccid?: string | undefined;
  readonly imei?: string | undefined;
}

export interface ClaimCode {
  /** Shown once; the store keeps a digest. */
  readonly code: string;
  /** What the owner has already. */
  readonly deviceIds: readonly string[];
}

/** CLM-05 */
const LIFETIME_MS = hours(1);
/** Codes of one owner that are good at a time; the oldest gives way. */
const MOST_CODES = 100;
/** 63 characters of base64: 378 random bits. */
const CODE_BYTES = 48;
const CODE_CHARACTERS = 63;

/**
 * Makes a claim code of the caller (CLM-05, CLM-06): one hour, one use. A customer's is good for devices of its product.
 * @throws DomainError `device.invalid`, `device.claim_taken` when somebody else waits for that ICCID or IMEI.
 */
export function createClaimCode(ctx: OwnerContext, input: ClaimCodeInput): Promise<ClaimCode> {
  return storeClaimCode(ctx, ctx.actor, ctx.actor.kind === 'customer' ? ctx.actor.productId : null, input);
}

/**
 * As `createClaimCode`, for devices of a product: by one of its customers, or by a member of its team that may update devices (API-43).
 * @throws DomainError as `createClaimCode` and `enterProduct`; `device.owner_required` for tokens that can own no devices.
 */
export async function createProductClaimCode(
  ctx: TokenContext,
  productSelector: string,
  input: ClaimCodeInput,
): Promise<ClaimCode> {
  const { actor } = ctx;
  if (actor.kind === 'customer') {
    const product = await findProduct(ctx.store.db, productSelector);
    if (product?.id !== actor.productId) throw permissionDenied();
    return storeClaimCode(ctx, actor, product.id, input);
  }
  const { product } = await enterProduct(ctx, productSelector, 'devices:update');
  if (actor.kind === 'user') return storeClaimCode(ctx, actor, product.id, input);
  throw new DomainError(
    'forbidden',
    'device.owner_required',
    'A claim code belongs to a customer or an account; ask with the token of a customer of this product',
  );
}

async function storeClaimCode(
  ctx: TokenContext,
  actor: OwnerActor,
  productId: number | null,
  input: ClaimCodeInput,
): Promise<ClaimCode> {
  const ownerId = ownerIdOf(actor);
  const modem = modemOf(input);
  const code = modem?.value ?? ctx.entropy.bytes(CODE_BYTES).toString('base64').slice(0, CODE_CHARACTERS);
  const hash = modem === undefined ? digest(code) : modemHash(modem);
  const now = ctx.clock.now();
  await ctx.store.db.transaction().execute(async (db) => {
    const saved = await saveClaimCode(db, {
      code_hash: hash,
      owner_kind: actor.kind,
      owner_id: ownerId,
      product_id: productId,
      created_at: now,
      expires_at: now + LIFETIME_MS,
    });
    if (!saved) throw claimTaken();
    await trimClaimCodes(db, ownerId, now, hash, MOST_CODES);
  });
  return { code, deviceIds: await findDeviceIdsOf(ctx.store.db, ownerId) };
}

function modemOf({ iccid, imei }: ClaimCodeInput): ModemIdentity | undefined {
  if (iccid && imei) throw invalidInput('Give the iccid or the imei, not both');
  if (iccid && !/^\d{18,22}$/.test(iccid)) throw invalidInput('An iccid has 18 to 22 digits');
  if (imei && !/^\d{15}$/.test(imei)) throw invalidInput('An imei has 15 digits');
  if (iccid) return { kind: 'iccid', value: iccid };
  return imei ? { kind: 'imei', value: imei } : undefined;
}

const claimTaken = () =>
  new DomainError('conflict', 'device.claim_taken', 'Somebody else waits for that device; try again in an hour');
