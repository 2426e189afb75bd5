import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliError } from '../failure/cli-error.ts';
import { openProfileFiles } from './profile-files.ts';

let home: TemporaryFolder;
beforeEach(async () => {
  home = await temporaryFolder();
});
afterEach(() => home.remove());

async function failureOf(work: Promise<unknown>): Promise<CliError> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof CliError) return outcome;
  throw new Error(`a CliError was expected, not ${String(outcome)}`);
}

describe('profile files', () => {
  it('have the profile particle in use, without settings, where nothing was ever saved', async () => {
    const files = openProfileFiles({ HOME: home.path });
    expect(await files.current()).toBe('particle');
    expect(await files.list()).toEqual([]);
    expect(await files.read('particle')).toEqual({});
  });

  it('keep settings for their owner alone, also where the file was open to all before', async () => {
    const files = openProfileFiles({ HOME: home.path });
    await mkdir(files.folder);
    await writeFile(files.pathOf('local'), '{"apiUrl":"http://a","theirs":[1]}');
    await chmod(files.pathOf('local'), 0o644);
    await files.change('local', { access_token: 'secret', apiUrl: undefined });
    expect((await stat(files.pathOf('local'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(files.pathOf('local'), 'utf8'))).toEqual({ access_token: 'secret', theirs: [1] });
    expect(await readdir(files.folder)).toEqual(['local.config.json']);
  });

  it('make their folder for their owner alone', async () => {
    const files = openProfileFiles({ HOME: home.path });
    await files.use('local');
    expect((await stat(files.folder)).mode & 0o777).toBe(0o700);
    expect(await files.current()).toBe('local');
    expect(JSON.parse(await readFile(join(files.folder, 'profile.json'), 'utf8'))).toEqual({ name: 'local' });
  });

  it.each(['', '../local', 'a/b', '.hidden', '-x', 'a b', 'x'.repeat(65)])('refuse the name %j', (name) => {
    expect(() => openProfileFiles({ HOME: home.path }).pathOf(name)).toThrow(/cannot be the name of a profile/);
  });

  it.each(['no JSON', '[]', '"text"', 'null', ''])('name the file that holds %j', async (content) => {
    const files = openProfileFiles({ HOME: home.path });
    await mkdir(files.folder);
    await writeFile(files.pathOf('local'), content);
    const error = await failureOf(files.read('local'));
    expect(error).toMatchObject({ kind: 'failure', message: expect.stringContaining(files.pathOf('local')) });
    expect(error.next).toContain('Mend the file');
    expect((await failureOf(files.change('local', {}))).message).toContain(files.pathOf('local'));
    expect(await readFile(files.pathOf('local'), 'utf8')).toBe(content);
  });

  it('name the file that cannot be read', async () => {
    const files = openProfileFiles({ HOME: home.path });
    await mkdir(files.pathOf('local'), { recursive: true });
    const error = await failureOf(files.read('local'));
    expect(error.message).toContain(`The settings in ${files.pathOf('local')} cannot be read`);
  });

  it('say why they cannot be saved, and leave nothing behind', async () => {
    await writeFile(join(home.path, '.particle'), 'a file');
    const files = openProfileFiles({ HOME: home.path });
    expect((await failureOf(files.use('local'))).message).toBe(
      `The settings cannot be saved in ${join(files.folder, 'profile.json')}: there is a file where its folder should be`,
    );
    expect(await readdir(home.path)).toEqual(['.particle']);
  });

  it.skipIf(process.platform !== 'linux')('end where no folder can be made', async () => {
    const files = openProfileFiles({ HOME: '/proc' });
    expect((await failureOf(files.use('local'))).message).toBe(
      'The settings cannot be saved in /proc/.particle/profile.json: its folder cannot be made',
    );
  });

  it('leave the file that there was when its replacement fails', async () => {
    const files = openProfileFiles({ HOME: home.path });
    await mkdir(join(files.folder, 'profile.json'), { recursive: true });
    expect((await failureOf(files.use('local'))).message).toContain('there is a folder in its place');
    expect(await readdir(files.folder)).toEqual(['profile.json']);
  });

  it('need a home', () => {
    expect(() => openProfileFiles({})).toThrow('There is no home folder to keep settings in');
    expect(openProfileFiles({ USERPROFILE: home.path }).folder).toBe(join(home.path, '.particle'));
  });
});
