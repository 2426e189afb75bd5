import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, usageError } from '../failure/cli-error.ts';
import { saveFailure } from './save-failure.ts';

/** Loaded when something is written: every command reads its settings. */
const files = () => import('node:fs/promises');

/** Settings of a profile, as the file has them; keys that are not ours are kept. */
export type ProfileSettings = Readonly<Record<string, unknown>>;

/** The files of the published command line, shared with it: `profile.json` names the profile in use, `<profile>.config.json` has its settings. */
export interface ProfileFiles {
  /** Absolute. */
  readonly folder: string;
  pathOf(profile: string): string;
  /** The profile in use; `particle` when none was ever chosen. */
  current(): Promise<string>;
  use(profile: string): Promise<void>;
  /** Names, sorted. */
  list(): Promise<readonly string[]>;
  /** Empty for a profile without a file. @throws CliError when it cannot be read */
  read(profile: string): Promise<ProfileSettings>;
  /** Changes these keys; undefined removes one. The file is replaced whole, and only its owner can read it (mode 0600). @throws CliError that names the file and says why it cannot be saved */
  change(profile: string, changes: Readonly<Record<string, unknown>>): Promise<void>;
}

const DEFAULT_PROFILE = 'particle';
const SUFFIX = '.config.json';
const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** @param env HOME, or on Windows USERPROFILE, says where it is @throws CliError without either */
export function openProfileFiles(env: Readonly<Record<string, string | undefined>>): ProfileFiles {
  const home = env.HOME ?? env.USERPROFILE ?? env.HOMEPATH;
  if (home === undefined || home === '') {
    throw new CliError('failure', 'There is no home folder to keep settings in', { next: 'Set HOME.' });
  }
  const folder = join(home, '.particle');
  const current = join(folder, 'profile.json');
  const pathOf = (profile: string): string => {
    if (!NAME.test(profile)) {
      throw usageError(
        `"${profile}" cannot be the name of a profile: it has letters, digits, and . _ - behind the first`,
      );
    }
    return join(folder, `${profile}${SUFFIX}`);
  };
  const write = async (path: string, value: unknown): Promise<void> => {
    const temporary = `${path}.${process.pid}.new`;
    try {
      const { mkdir, rename, writeFile } = await files();
      // Not with all folders above it: where none can be made, as in /proc, Node never comes back.
      await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      await writeFile(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
      await rename(temporary, path);
    } catch (error) {
      await (await files()).rm(temporary, { force: true }).catch(() => {});
      throw saveFailure(path, error);
    }
  };
  return {
    folder,
    pathOf,
    async current() {
      const { name } = await readObject(current);
      return typeof name === 'string' && NAME.test(name) ? name : DEFAULT_PROFILE;
    },
    use: (profile) => {
      pathOf(profile);
      return write(current, { name: profile });
    },
    async list() {
      const { readdir } = await files();
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      return names
        .filter((name) => name.endsWith(SUFFIX))
        .map((name) => name.slice(0, -SUFFIX.length))
        .sort();
    },
    read: (profile) => readObject(pathOf(profile)),
    async change(profile, changes) {
      const path = pathOf(profile);
      await write(path, { ...(await readObject(path)), ...changes });
    },
  };
}

async function readObject(path: string): Promise<ProfileSettings> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new CliError(
      'failure',
      `The settings in ${path} cannot be read: ${error instanceof Error ? error.message : ''}`,
      {
        next: 'Make the file readable for you.',
        cause: error,
      },
    );
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below.
  }
  throw new CliError('failure', `The settings in ${path} are no JSON object`, { next: 'Mend the file, or delete it.' });
}
