import { expect, test } from 'vitest';
import { SANDBOX } from '../../data/place.ts';
import { clientKindsOf, redirectProblem, scopeText } from './client-kinds.ts';

const product = { kind: 'product', product: '42' } as const;

test('clients of an account create no customers', () => {
  expect(clientKindsOf(SANDBOX).map(({ scope }) => scope)).toEqual([undefined, undefined]);
  expect(clientKindsOf(product).filter(({ scope }) => scope === 'customers:create')).toHaveLength(2);
});

test.each([
  [undefined, 'Everything in the product'],
  ['*:*', 'Everything in the product'],
  ['customers:create *:*', 'Everything in the product'],
  ['customers:create', 'Create customers'],
])('the scope %s of a client of a product', (scope, text) => {
  expect(scopeText(product, scope)).toBe(text);
});

test('only web clients lead back, and only over https', () => {
  expect(redirectProblem('installed', '')).toBeNull();
  expect(redirectProblem('web', 'https://app.example.net/back')).toBeNull();
  expect(redirectProblem('web', '')).toContain('looks like');
  expect(redirectProblem('web', 'http://app.example.net/back')).toContain('https');
});
