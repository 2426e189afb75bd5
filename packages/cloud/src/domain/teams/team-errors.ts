import { DomainError } from '../domain-error.ts';

export const memberNotFound = () =>
  new DomainError('not_found', 'member_not_found', 'There is nobody with that name in this team');

export const apiUserNotFound = () =>
  new DomainError('not_found', 'api_user_not_found', 'There is no API user with that name in this team');

export const invitationNotFound = () =>
  new DomainError('not_found', 'invitation_not_found', 'There is no such invitation; it may have been taken back');

export const changedMeanwhile = () =>
  new DomainError('conflict', 'changed_meanwhile', 'Somebody else has just changed that; look again and repeat');
