import { DomainError } from '../domain-error.ts';

/** Integrations of one owner. */
export const MOST_INTEGRATIONS = 100;

/** @param text a sentence that names the key and says what it must be. */
export const invalidSettings = (text: string) => new DomainError('invalid', 'integration.invalid', text);

export const integrationNotFound = () =>
  new DomainError('not_found', 'integration.not_found', 'There is no such integration');

export const tooManyIntegrations = () =>
  new DomainError(
    'conflict',
    'integration.too_many',
    `There are at most ${MOST_INTEGRATIONS} integrations: delete one that is not used any more`,
  );
