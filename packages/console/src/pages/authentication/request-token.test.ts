import { ApiError } from '@cloudchamber/contract/client';
import { expect, test } from 'vitest';
import { requestToken } from './request-token.ts';

const wish = { username: 'ann@example.net', password: 'correct horse', otp: '123456', lifetimeSeconds: 3600 };
const token = { access_token: 'a', token_type: 'bearer' as const, expires_in: 3600 };
const needsCode = new ApiError('A code is needed', {
  status: 403,
  code: 'mfa_required',
  body: { error: 'mfa_required', mfa_token: 'm1' },
});

/** Answers with what is given, in turn. */
function cloud(...answers: (typeof token | Error)[]) {
  const bodies: unknown[] = [];
  return {
    bodies,
    createToken: async (body: unknown) => {
      bodies.push(body);
      const answer = answers.shift();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('asked too often');
      return answer;
    },
  };
}

test('a password is enough where the account takes no code', async () => {
  const { bodies, createToken } = cloud(token);
  expect(await requestToken(createToken, { ...wish, otp: '' })).toBe(token);
  expect(bodies).toEqual([
    {
      client_id: 'particle',
      client_secret: 'particle',
      grant_type: 'password',
      username: 'ann@example.net',
      password: 'correct horse',
      expires_in: 3600,
    },
  ]);
});

test('the code goes in a second step, with what the first gave', async () => {
  const { bodies, createToken } = cloud(needsCode, token);
  expect(await requestToken(createToken, wish)).toBe(token);
  expect(bodies[1]).toEqual({
    client_id: 'particle',
    client_secret: 'particle',
    grant_type: 'urn:custom:mfa-otp',
    mfa_token: 'm1',
    otp: '123456',
  });
});

test('without a code the refusal stands, as does any other', async () => {
  const other = new ApiError('User credentials are invalid', { status: 400, code: 'invalid_grant' });
  const first = cloud(needsCode);
  await expect(requestToken(first.createToken, { ...wish, otp: '' })).rejects.toBe(needsCode);
  const second = cloud(other);
  await expect(requestToken(second.createToken, wish)).rejects.toBe(other);
  expect(second.bodies).toHaveLength(1);
});
