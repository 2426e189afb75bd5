import { DomainError } from '../domain-error.ts';
import { MOST_GROUPS, MOST_READERS } from './consumer-group.ts';

export function unknownGroup(): DomainError {
  const text = 'There is no such consumer group here: it begins with the first stream that names it';
  return new DomainError('not_found', 'event_group.not_found', text);
}

export function otherFilter(name: string): DomainError {
  const text = `The group ${name} reads other events: use its prefix and device, or another name`;
  return new DomainError('conflict', 'event_group.other_filter', text);
}

export function tooManyGroups(): DomainError {
  const text = `There are ${MOST_GROUPS} consumer groups here already: delete one first`;
  return new DomainError('conflict', 'event_group.too_many', text);
}

export function tooManyReaders(): DomainError {
  const text = `A consumer group may have ${MOST_READERS} readers`;
  return new DomainError('limit_exceeded', 'too_many_requests', text, { retryAfterSeconds: 10 });
}
