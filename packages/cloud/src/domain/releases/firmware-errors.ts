import { DomainError } from '../domain-error.ts';
import { MAX_VERSIONS } from './firmware-version.ts';
import type { RolloutScope } from './release-store.ts';

/** A value that cannot be; the message says which and why. */
export const invalidFirmware = (message: string) => new DomainError('invalid', 'firmware.invalid', message);

/** A number that no version can have finds none either. */
export const firmwareNotFound = (version: number | string) =>
  new DomainError('not_found', 'firmware.not_found', `The product has no firmware version ${version}`);

export const alreadyUploaded = (version: number) =>
  new DomainError(
    'conflict',
    'firmware.already_uploaded',
    `Version ${version} was uploaded already: raise PRODUCT_VERSION, compile and upload it as the next version`,
  );

export const titleTaken = (title: string, version: number) =>
  new DomainError(
    'conflict',
    'firmware.title_taken',
    `Version ${version} has the title "${title}" already: choose another one`,
  );

export const tooManyVersions = () =>
  new DomainError(
    'conflict',
    'firmware.too_many',
    `A product has at most ${MAX_VERSIONS} versions of firmware: delete some that were never released`,
  );

export const neverRan = (version: number) =>
  new DomainError(
    'conflict',
    'firmware.never_ran',
    `No device of the product has run version ${version} yet: lock one device to it, let it connect and update, then release it`,
  );

export const isArchived = (version: number) =>
  new DomainError(
    'conflict',
    'firmware.archived',
    `Version ${version} is archived: send archived=false to its route to use it again`,
  );

export const groupsNotFound = (names: readonly string[]) =>
  new DomainError(
    'not_found',
    'firmware.group_not_found',
    `The product has no group ${names.join(', ')}: nothing was released`,
  );

export const rolloutUnderWay = ({ id, version, state }: RolloutScope) =>
  new DomainError(
    'conflict',
    'firmware.rollout_under_way',
    `Rollout ${id} of version ${version} to the same devices is ${state}: abort it or let it end first`,
  );

export const groupInRollout = (name: string, { id, version, state }: RolloutScope) =>
  new DomainError(
    'conflict',
    'firmware.group_in_rollout',
    `The group ${name} is part of rollout ${id} of version ${version}, which is ${state}: end the rollout first`,
  );

/** Why a version cannot be deleted or archived. */
export const firmwareInUse = (message: string) => new DomainError('conflict', 'firmware.in_use', message);
