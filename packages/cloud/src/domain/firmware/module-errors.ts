import { DomainError } from '../domain-error.ts';

export function moduleNotFound(): DomainError {
  return new DomainError('not_found', 'firmware_module.not_found', 'There is no such module');
}

/** What is uploaded stands in the way of what is there. */
export function moduleTaken(message: string): DomainError {
  return new DomainError('conflict', 'firmware_module.taken', message);
}

export function badModule(message: string): DomainError {
  return new DomainError('invalid', 'firmware_module.invalid', message);
}

export function libraryFull(most: number): DomainError {
  const message = `The library has ${most} modules, which is the most: delete some that no device needs`;
  return new DomainError('conflict', 'firmware_module.too_many', message);
}
