import { ApiError } from '@cloudchamber/contract/client';
import { expect, test } from 'vitest';
import { doubtsSession } from './session-doubt.ts';

test.each([
  [401, 'invalid_token', true],
  [400, 'invalid_request', true],
  [403, 'csrf_failed', true],
  [400, 'invalid_grant', false],
  [403, 'permission_denied', false],
  [404, 'not_found', false],
  [500, 'server_error', false],
])('a refusal with %i %s: %s', (status, code, doubts) => {
  expect(doubtsSession(new ApiError('No', { status, code }))).toBe(doubts);
});

test('what is no refusal says nothing of the session', () => {
  expect(doubtsSession(new ApiError('The cloud cannot be reached', { status: 0, code: 'unreachable' }))).toBe(false);
  expect(doubtsSession(new Error('broken'))).toBe(false);
});
