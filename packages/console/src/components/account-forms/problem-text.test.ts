import { ApiError } from '@cloudchamber/contract/client';
import { expect, test } from 'vitest';
import { problemText } from './problem-text.ts';

test('who tried too often is told for how long to wait', () => {
  const refusal = (retryAfterSeconds?: number) =>
    new ApiError('Too many requests', { status: 429, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
  expect(problemText(refusal(40))).toBe('Too many tries in a row. Try again in 40 s.');
  expect(problemText(refusal(60))).toBe('Too many tries in a row. Try again in 1 minute.');
  expect(problemText(refusal(1700))).toBe('Too many tries in a row. Try again in 29 minutes.');
  expect(problemText(refusal())).toBe('Too many tries in a row. Try again later.');
});

test('a known refusal says what to do, another one what the cloud said', () => {
  expect(problemText(new ApiError('x', { status: 403, code: 'signup_closed' }))).toContain('Ask its operator');
  expect(problemText(new ApiError('The cloud cannot be reached', { status: 0 }))).toBe('The cloud cannot be reached');
});
