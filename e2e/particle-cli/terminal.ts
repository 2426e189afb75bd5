import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { temporaryFolder } from '@cloudchamber/testkit';
import type { InstalledCli } from './installed-cli.ts';

/** What a command came to. */
interface Outcome {
  readonly code: number | null;
  /** Both of its outputs as a person sees them: in the order of time, without colours. */
  readonly text: string;
}

interface Typing {
  /** Questions and what is typed after each, in this order, with Enter behind it. */
  readonly answers?: ReadonlyArray<readonly [question: string, answer: string]>;
  /** Is shown the output so far each time that it grows; when it says true, the command is ended as Ctrl-C does. */
  readonly watch?: (text: string) => boolean;
}

/** Somebody at a terminal: a home folder and a working folder of their own, which the real ones of this machine's user are not. */
export interface Terminal {
  /** The working folder. */
  readonly folder: string;
  /** Runs `particle` with these arguments. @throws Error when it takes longer than a minute */
  particle(args: readonly string[], typing?: Typing): Promise<Outcome>;
  /** Writes a file into the working folder. @returns its name */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** The file with the settings of the profile `local`. */
  readonly profilePath: string;
}

const LONGEST_MS = 60_000;
const PROFILE = 'local';

/** Settings as the command line keeps them for a profile. */
export interface Profile {
  readonly apiUrl: string;
  readonly access_token?: string;
  readonly username?: string;
}

/** Opens terminals, and throws their folders away at the end. */
export interface Terminals {
  /** A terminal whose command line uses the profile `local` with these settings, or has never been used. */
  open(profile?: Profile): Promise<Terminal>;
  dispose(): Promise<void>;
}

export async function openTerminals(cli: InstalledCli): Promise<Terminals> {
  const root = await temporaryFolder();
  const compiled = join(root.path, 'compiled');
  let opened = 0;
  return {
    open: async (profile) => {
      const home = join(root.path, `home-${opened++}`);
      const folder = join(home, 'work');
      const settings = join(home, '.particle');
      await Promise.all([mkdir(folder, { recursive: true }), mkdir(settings, { recursive: true })]);
      const profilePath = join(settings, `${PROFILE}.config.json`);
      if (profile !== undefined) {
        await writeFile(join(settings, 'profile.json'), JSON.stringify({ name: PROFILE }));
        await writeFile(profilePath, JSON.stringify(profile));
      }
      return {
        folder,
        profilePath,
        particle: (args, typing = {}) => inTurn(() => run({ cli, home, folder, compiled }, args, typing)),
        write: async (name, content) => {
          await writeFile(join(folder, name), content);
          return name;
        },
      };
    },
    dispose: () => root.remove(),
  };
}

/** Most of a command's second is its start, so that more at once than processors only wait for each other. */
const MOST_AT_ONCE = 2;
let running = 0;
const waiting: Array<() => void> = [];

async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await task();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

interface Place {
  readonly cli: InstalledCli;
  readonly home: string;
  readonly folder: string;
  /** Where Node keeps what it has compiled: it makes the start a third shorter. */
  readonly compiled: string;
}

function run(
  { cli, home, folder, compiled }: Place,
  args: readonly string[],
  { answers = [], watch = () => false }: Typing,
): Promise<Outcome> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [join(cli.folder, 'src/index.js'), ...args], {
    cwd: folder,
    // Nothing of the real home, and no question to its maker's server whether there is a newer version.
    env: { PATH, HOME: home, PARTICLE_DISABLE_UPDATE: '1', NODE_COMPILE_CACHE: compiled },
    stdio: 'pipe',
  });
  const left = [...answers];
  let printed = '';
  let text = '';
  let answeredTo = 0;
  if (left.length === 0) child.stdin.end();
  const read = (chunk: string): void => {
    printed += chunk;
    text = stripVTControlCharacters(printed);
    const [next] = left;
    const at = next === undefined ? -1 : text.indexOf(next[0], answeredTo);
    if (next !== undefined && at >= 0) {
      answeredTo = at + next[0].length;
      left.shift();
      child.stdin.write(`${next[1]}\n`);
    }
    if (watch(text)) child.kill('SIGINT');
  };
  child.stdout.setEncoding('utf8').on('data', read);
  child.stderr.setEncoding('utf8').on('data', read);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`"particle ${args.join(' ')}" did not end, and printed: ${text}`));
    }, LONGEST_MS);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, text });
    });
  });
}
