import { DomainError } from '../domain-error.ts';

/** An attempt of another device: one that does not exist looks the same. */
export const attemptNotFound = () =>
  new DomainError('not_found', 'connection.not_found', 'There is no such attempt to connect');

export const nothingToApprove = () =>
  new DomainError(
    'conflict',
    'connection.nothing_to_approve',
    'That attempt has no key to approve: it was not refused for its key, or the peer did not prove to own it',
  );

export const keyIsRegistered = () =>
  new DomainError('conflict', 'connection.key_registered', 'That key is registered for the device already');

/** Only its owner may say which key a device has. */
export const ownerMustApprove = () =>
  new DomainError(
    'forbidden',
    'connection.owner_must_approve',
    'Somebody owns that device: only its owner or an operator of this server can approve a key for it',
  );

export const invalidSearch = (message: string) => new DomainError('invalid', 'connection.invalid', message);
