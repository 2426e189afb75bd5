import { DomainError, type DomainErrorKind } from '../domain-error.ts';

const refuse = (kind: DomainErrorKind, code: string, message: string) => new DomainError(kind, code, message);

/** A device that is not the caller's: one that does not exist looks the same. */
export const deviceNotRecognized = () =>
  refuse('forbidden', 'device.not_recognized', "I didn't recognize that device name or ID");

/** Only claiming tells that an id is unknown. */
export const deviceNotFound = () => refuse('not_found', 'device.not_found', 'device not found');

export const deviceOwnedByOther = () =>
  refuse(
    'forbidden',
    'device.owned_by_other',
    'That belongs to someone else. To request a transfer add ?request_transfer=true to the URL.',
  );

export const unknownVariable = (name: string) =>
  refuse('not_found', 'device.unknown_variable', `Unknown Variable: ${name}`);

export const unknownFunction = (name: string) =>
  refuse('not_found', 'device.unknown_function', `Unknown Function: ${name}`);

/** Known to be offline, or silent for as long as the protocol waits (CON-21, CON-22). */
export const deviceTimedOut = () => refuse('timed_out', 'device.timed_out', 'timed out');

/** Part of the API that this server does not have yet. */
export const notAvailable = (what: string) =>
  refuse('invalid', 'device.not_available', `${what} is not available on this server`);

export const invalidInput = (message: string) => refuse('invalid', 'device.invalid', message);
