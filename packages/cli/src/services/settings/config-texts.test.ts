import { describe, expect, it } from 'vitest';
import { configText, masked, profileTable } from './config-texts.ts';

const shown = { profile: 'particle', api_url: 'https://api.particle.io', api_url_from: 'profile', username: null };

describe('configText', () => {
  it('has profile, address and token', () => {
    const access_token = '01234567890abcdef01234567890abcdef012345';
    expect(configText({ ...shown, access_token })).toEqual([
      'Current profile: particle',
      'Using API: https://api.particle.io',
      'Access token: 01234567890abcdef01234567890abcdef012345',
    ]);
  });

  it('says that there is no token', () => {
    expect(configText({ ...shown, access_token: null })[2]).toBe('Access token: none');
  });
});

describe('masked', () => {
  it('shows the end of a long token, and nothing of a short one', () => {
    expect(masked('01234567890abcdef01234567890abcdef012345')).toBe('…2345');
    expect(masked('0123456789')).toBe('…');
  });
});

describe('profileTable', () => {
  it('marks the one in use', () => {
    expect(
      profileTable([
        { profile: 'local', current: true, api_url: 'http://localhost:8080' },
        { profile: 'particle', current: false, api_url: undefined },
      ]),
    ).toEqual(['Profile          API', 'local (current)  http://localhost:8080', 'particle']);
  });
});
