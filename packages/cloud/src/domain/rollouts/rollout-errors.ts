import { DomainError } from '../domain-error.ts';

export const rolloutNotFound = () => new DomainError('not_found', 'rollout.not_found', 'Rollout not found');

/** @param text begins with the name of the field */
export const badRollout = (text: string) => new DomainError('invalid', 'rollout.invalid', text);

export const badCursor = () => badRollout('cursor: must be meta.next of the page before');

export const rolloutUnderWay = (id: string, state: string) =>
  new DomainError(
    'conflict',
    'rollout.under_way',
    `The product has a rollout that is ${state} (${id}): abort it or roll it back, or wait for its end`,
  );

export const tooManyRollouts = (most: number) =>
  new DomainError(
    'conflict',
    'rollout.too_many',
    `A product has at most ${most} rollouts; those that have ended are deleted after 400 days`,
  );

export const wrongState = (text: string) => new DomainError('conflict', 'rollout.wrong_state', text);
