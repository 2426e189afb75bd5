import type { Context, OwnerActor, UserActor } from '../context.ts';
import { DomainError } from '../domain-error.ts';

/**
 * The account that asks. The verbs of a device's owner are for people; the cloud's own doings have functions of their own.
 * @throws DomainError `device.user_required`
 */
export function requireUser(ctx: Context): UserActor {
  if (ctx.actor.kind === 'user') return ctx.actor;
  throw new DomainError('forbidden', 'device.user_required', 'Only an account may do that');
}

/**
 * Whoever owns devices: an account or a customer.
 * @throws DomainError `device.owner_required`
 */
export function requireOwner(ctx: Context): OwnerActor {
  if (ctx.actor.kind === 'user' || ctx.actor.kind === 'customer') return ctx.actor;
  throw new DomainError('forbidden', 'device.owner_required', 'Only an account or a customer may do that');
}

/** @throws DomainError `operator_only` for everybody but operators of this server. */
export function requireOperator(ctx: Context): UserActor {
  const user = requireUser(ctx);
  if (user.operator) return user;
  throw new DomainError('forbidden', 'operator_only', 'Only an operator of this server may do that');
}
