import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProfileFiles, type ProfileFiles } from '../../profile/profile-files.ts';
import type { Context } from '../../program/context.ts';
import { changeSetting } from './change-setting.ts';

let home: TemporaryFolder;
let files: ProfileFiles;
let warned: string[];
let asked: string[];
beforeEach(async () => {
  home = await temporaryFolder();
  files = openProfileFiles({ HOME: home.path });
  warned = [];
  asked = [];
});
afterEach(() => home.remove());

function change(key: string, value: string, { yes = false, answer }: { yes?: boolean; answer?: boolean } = {}) {
  const ask = {
    possible: answer !== undefined,
    confirm: async (question: string) => {
      asked.push(question);
      return answer ?? false;
    },
  } as unknown as Context['ask'];
  const out = { warn: (text: string) => warned.push(text) } as unknown as Context['out'];
  return changeSetting({ settings: { files }, ask, out, yes }, { profile: 'local', key, value });
}

describe('changeSetting', () => {
  it('makes a profile with an address', async () => {
    expect(await change('apiUrl', 'http://localhost:8080/')).toBe('http://localhost:8080');
    expect(await files.read('local')).toEqual({ apiUrl: 'http://localhost:8080' });
  });

  it('keeps truth as truth', async () => {
    expect(await change('useSudoForDfu', 'true')).toBe(true);
    expect(await files.read('local')).toEqual({ useSudoForDfu: true });
    await expect(change('useSudoForDfu', 'maybe')).rejects.toThrow('useSudoForDfu is true or false, not "maybe"');
  });

  it('keeps what it does not know, and says so', async () => {
    await change('verboseOutput', 'true');
    expect(await files.read('local')).toEqual({ verboseOutput: 'true' });
    expect(warned).toEqual([expect.stringContaining('chamber has no setting "verboseOutput"')]);
  });

  it('takes no token from the command line', async () => {
    await expect(change('access_token', 'secret')).rejects.toMatchObject({ kind: 'usage' });
    expect(await files.read('local')).toEqual({});
  });

  describe('of a profile with a log-in', () => {
    const before = { apiUrl: 'http://one', access_token: 'secret', username: 'ann@example.net', theirs: 1 };
    beforeEach(() => files.change('local', before));

    it('keeps it with the same address', async () => {
      await change('apiUrl', 'http://one/');
      expect(await files.read('local')).toEqual(before);
    });

    it('changes the address of nobody who cannot be asked', async () => {
      await expect(change('apiUrl', 'http://two')).rejects.toMatchObject({ kind: 'usage' });
      await expect(change('apiUrl', 'http://two', { answer: false })).rejects.toMatchObject({ kind: 'failure' });
      expect(asked).toHaveLength(1);
      expect(await files.read('local')).toEqual(before);
    });

    it.each([{ yes: true }, { answer: true }])('forgets it with another address (%j)', async (options) => {
      await change('apiUrl', 'http://two', options);
      expect(await files.read('local')).toEqual({ apiUrl: 'http://two', theirs: 1 });
    });
  });

  it('does not give the token of a profile without an address to any', async () => {
    await files.change('local', { access_token: 'secret' });
    await change('apiUrl', 'http://two', { yes: true });
    expect(await files.read('local')).toEqual({ apiUrl: 'http://two' });
  });
});
