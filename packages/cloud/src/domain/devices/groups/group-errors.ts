import { DomainError } from '../../domain-error.ts';
import { MAX_GROUPS } from './group.ts';

export const groupNotFound = () => new DomainError('not_found', 'device.group_not_found', 'Group not found');

export const groupTaken = (name: string) =>
  new DomainError('conflict', 'device.group_taken', `The product already has a group ${name}: choose another name`);

export const tooManyGroups = () =>
  new DomainError(
    'conflict',
    'device.too_many_groups',
    `A product has at most ${MAX_GROUPS} groups: delete one that is not used any more`,
  );
