import { describe, expect, it } from 'vitest';
import { newToken, tokenList } from './token-texts.ts';

describe('tokenList', () => {
  it('shows three lines for each token, and which is in use', () => {
    const text = tokenList([
      { token: '5f1e2d3c4b5a697887960201', client: 'spark-ide', expires_at: null, active: false },
      {
        token: '5f1e2d3c4b5a697887960202',
        client: '__PASSWORD_ONLY__',
        expires_at: '2017-06-12T08:44:16.371Z',
        active: true,
      },
    ]);
    expect(text.join('\n')).toBe(`spark-ide
 Token:      5f1e2d3c4b5a697887960201
 Expires at: null

__PASSWORD_ONLY__ (active)
 Token:      5f1e2d3c4b5a697887960202
 Expires at: 2017-06-12T08:44:16.371Z`);
  });

  it('lets no client write to the terminal', () => {
    const [first] = tokenList([{ token: 'x', client: 'a\u001b[2Jb\n', expires_at: null, active: false }]);
    expect(first).toBe('ab\ufffd');
  });
});

describe('newToken', () => {
  const at = new Date('2017-06-23T15:09:24Z');

  it('says when it expires, in local time', () => {
    const [says, token] = newToken('da39a3ee', at);
    expect(says).toMatch(/^New access token expires on Fri Jun 2[34] 2017 \d\d:\d\d:24 GMT[+-]\d{4} \(.+\)$/);
    expect(says?.endsWith(at.toString())).toBe(true);
    expect(token).toBe('\t\tda39a3ee');
  });

  it('says that it never expires', () => {
    expect(newToken('da39a3ee', undefined)[0]).toBe('New access token never expires');
  });
});
