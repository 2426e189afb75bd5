import type { DomainError } from '../../domain/domain-error.ts';
import { type ErrorReply, statusByKind } from '../error-mapping.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * The bodies that clients of devices and events look for, to the letter of section 3.3 of the API notes: `ok` and `error`; a hint for a device that
 * is not the caller's; a list for claiming. Undefined for refusals of other families.
 * @param publicUrl where clients reach this server, without a slash at the end.
 */
export function deviceErrorReply(publicUrl: string): (error: DomainError) => ErrorReply | undefined {
  return (error) => {
    if (!/^(device|event|firmware)\./.test(error.code)) return undefined;
    const body = bodyOf(error, publicUrl);
    const retryAfter = error.details.retryAfterSeconds;
    const reply = { status: statusByKind[error.kind], body };
    return typeof retryAfter === 'number' ? { ...reply, headers: { 'retry-after': String(retryAfter) } } : reply;
  };
}

function bodyOf({ code, message }: DomainError, publicUrl: string): Body {
  switch (code) {
    case 'device.not_recognized': {
      const hint = `${message}, try opening ${publicUrl}/v1/devices?access_token=undefined`;
      return { error: 'Permission Denied', info: hint, error_description: 'Permission Denied' };
    }
    case 'device.not_found':
    case 'device.owned_by_other':
      return { ok: false, errors: [message], error_description: message };
    default:
      return { ok: false, error: message, error_description: message };
  }
}
