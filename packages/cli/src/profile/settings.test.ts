import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProfileFiles, type ProfileFiles } from './profile-files.ts';
import { addressIn, readSettings } from './settings.ts';

const MINE = 'http://mine.example';
const OTHER = 'http://other.example';

let home: TemporaryFolder;
let files: ProfileFiles;
beforeEach(async () => {
  home = await temporaryFolder();
  files = openProfileFiles({ HOME: home.path });
});
afterEach(() => home.remove());

const read = (env: Record<string, string> = {}, flags: { profile?: string; apiUrl?: string } = {}) =>
  readSettings({ files, env, flags });

describe('readSettings', () => {
  it('takes a local cloud where nothing is said', async () => {
    expect(await read()).toMatchObject({
      profile: 'particle',
      apiUrl: 'http://localhost:8080',
      apiUrlFrom: 'default',
      token: undefined,
      foreignToken: false,
    });
  });

  it('takes the address of a flag before CHAMBER_, PARTICLE_, and the profile', async () => {
    await files.change('particle', { apiUrl: 'http://profile' });
    const particle = { PARTICLE_API_URL: 'http://particle' };
    const both = { ...particle, CHAMBER_API_URL: 'http://chamber/' };
    expect(await read()).toMatchObject({ apiUrl: 'http://profile', apiUrlFrom: 'profile' });
    expect(await read(particle)).toMatchObject({ apiUrl: 'http://particle', apiUrlFrom: 'environment' });
    expect(await read(both)).toMatchObject({ apiUrl: 'http://chamber', apiUrlFrom: 'environment' });
    expect(await read(both, { apiUrl: 'http://flag' })).toMatchObject({ apiUrl: 'http://flag', apiUrlFrom: 'flag' });
    expect(await read({ CHAMBER_API_URL: '' })).toMatchObject({ apiUrl: 'http://profile' });
  });

  it('takes the profile of a flag before CHAMBER_, PARTICLE_, and the one in use', async () => {
    await files.use('used');
    const particle = { PARTICLE_PROFILE: 'theirs' };
    const both = { ...particle, CHAMBER_PROFILE: 'ours' };
    expect((await read()).profile).toBe('used');
    expect((await read(particle)).profile).toBe('theirs');
    expect((await read(both)).profile).toBe('ours');
    expect((await read(both, { profile: 'flagged' })).profile).toBe('flagged');
  });

  it('takes the token of CHAMBER_ before PARTICLE_ and the profile', async () => {
    await files.change('particle', { apiUrl: MINE, access_token: 'saved', username: 'ann@example.net' });
    const particle = { PARTICLE_ACCESS_TOKEN: 'theirs' };
    expect(await read()).toMatchObject({ token: 'saved', tokenFrom: 'profile', username: 'ann@example.net' });
    expect(await read(particle)).toMatchObject({ token: 'theirs', tokenFrom: 'environment' });
    expect(await read({ ...particle, CHAMBER_ACCESS_TOKEN: 'ours' })).toMatchObject({ token: 'ours' });
  });

  it.each([
    ['a flag', {}, { apiUrl: OTHER }],
    ['the environment', { CHAMBER_API_URL: OTHER }, {}],
  ])("never gives a profile's token to the address of %s", async (_from, env, flags) => {
    await files.change('particle', { apiUrl: MINE, access_token: 'saved', username: 'ann@example.net' });
    expect(await read(env, flags)).toMatchObject({
      apiUrl: OTHER,
      token: undefined,
      tokenFrom: undefined,
      username: undefined,
      foreignToken: true,
    });
  });

  it('never gives the token of a profile without an address to any', async () => {
    await files.change('particle', { access_token: 'saved', username: 'ann@example.net' });
    expect(await read()).toMatchObject({ token: undefined, username: undefined, foreignToken: true });
    expect(await read({}, { apiUrl: MINE })).toMatchObject({ token: undefined, foreignToken: true });
  });

  it('knows its own address with a slash at the end', async () => {
    await files.change('particle', { apiUrl: `${MINE}/`, access_token: 'saved' });
    expect(await read({ CHAMBER_API_URL: MINE })).toMatchObject({ token: 'saved', foreignToken: false });
  });

  it('takes no token that is none', async () => {
    await files.change('particle', { apiUrl: MINE, access_token: null });
    expect(await read()).toMatchObject({ token: undefined, foreignToken: false });
  });
});

describe('addressIn', () => {
  it.each(['localhost:8080', 'ftp://host', 'http://', 'http://a b', 'http://host?x=1', ''])('refuses %j', (given) => {
    expect(() => addressIn(given)).toThrow('The address of the cloud is a URL such as http://localhost:8080');
  });

  it('takes a path, and no slash behind it', () => {
    expect(addressIn(' https://host.example/cloud// ')).toBe('https://host.example/cloud');
  });
});
