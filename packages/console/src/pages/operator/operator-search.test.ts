import { expect, it } from 'vitest';
import { operatorSearch } from './operator-search.ts';

it('keeps what belongs to the tab', () => {
  expect(operatorSearch({ tab: 'people', page: 2, actor: 'ann' })).toEqual({ tab: 'people', page: 2 });
  expect(operatorSearch({ tab: 'audit', page: 2, actor: 'ann' })).toEqual({ tab: 'audit', actor: 'ann' });
});

it('leaves out the rest', () => {
  expect(operatorSearch({ tab: 'billing', page: 2 })).toEqual({});
  expect(operatorSearch({ tab: 'mailbox', page: 1 })).toEqual({ tab: 'mailbox' });
  expect(operatorSearch({ tab: 'mailbox', page: 'x' })).toEqual({ tab: 'mailbox' });
});
