import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@cloudchamber/testkit';

const CHAMBER = fileURLToPath(new URL('../../packages/cli/bin/chamber.cjs', import.meta.url));
/** A bound on hanging. */
const LONGEST_MS = 60_000;

/** What a command came to. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Typing {
  /** What is piped into it; nothing, when left out. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Is shown what it has printed so far, each time that it grows; when it says true, the command is sent SIGINT once. */
  readonly interruptWhen?: (stdout: string, stderr: string) => boolean;
  /** When it resolves, the command is sent SIGINT. */
  readonly interruptAfter?: Promise<void>;
}

/** What is in a profile's file. */
interface Profile {
  readonly apiUrl?: string;
  readonly access_token?: string;
  readonly username?: string;
}

/** Somebody at a shell without a terminal: with a home and a working folder of their own. */
export interface Shell {
  readonly home: string;
  /** The working folder. */
  readonly folder: string;
  /** Runs the built `chamber`. @throws Error when it takes longer than a minute */
  chamber(args: readonly string[], typing?: Typing): Promise<Outcome>;
  /** `data` of `--json`, which must have ended with 0. */
  json(args: readonly string[], typing?: Typing): Promise<unknown>;
  /** Writes a file into the working folder. @returns its path */
  write(name: string, content: string | Uint8Array): Promise<string>;
  profile(name?: string): Promise<Record<string, unknown>>;
}

export interface Shells extends AsyncDisposable {
  /** A home whose profile `local` has these settings and is in use; a fresh home without. */
  open(profile?: Profile): Promise<Shell>;
}

const PROFILE = 'local';

export async function openShells(): Promise<Shells> {
  const root = await temporaryFolder();
  const compiled = join(root.path, 'compiled');
  let opened = 0;
  return {
    async open(profile) {
      const home = join(root.path, `home-${opened++}`);
      const folder = join(home, 'work');
      const settings = join(home, '.particle');
      await mkdir(folder, { recursive: true });
      if (profile !== undefined) {
        await mkdir(settings, { recursive: true });
        await writeFile(join(settings, 'profile.json'), JSON.stringify({ name: PROFILE }));
        await writeFile(join(settings, `${PROFILE}.config.json`), JSON.stringify(profile));
      }
      const env = { HOME: home, NODE_COMPILE_CACHE: compiled };
      const chamber = (args: readonly string[], typing: Typing = {}) => run(args, folder, env, typing);
      return {
        home,
        folder,
        chamber,
        async json(args, typing) {
          const { code, stdout, stderr } = await chamber([...args, '--json'], typing);
          const said = `"chamber ${args.join(' ')}" ended with ${code}: ${stdout}${stderr}`;
          if (code !== 0) throw new Error(said);
          const envelope = JSON.parse(stdout) as { ok?: boolean; data?: unknown };
          if (envelope.ok !== true) throw new Error(said);
          return envelope.data;
        },
        async write(name, content) {
          const path = join(folder, name);
          await writeFile(path, content);
          return path;
        },
        profile: async (name = PROFILE) =>
          JSON.parse(await readFile(join(settings, `${name}.config.json`), 'utf8')) as Record<string, unknown>,
      };
    },
    [Symbol.asyncDispose]: () => root.remove(),
  };
}

function run(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  { stdin, env: more = {}, interruptWhen = () => false, interruptAfter }: Typing,
): Promise<Outcome> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [CHAMBER, ...args], { cwd, env: { PATH, ...env, ...more }, stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  let interrupted = false;
  // A command that reads nothing may be gone before all is written.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin ?? '');
  void interruptAfter?.then(() => child.kill('SIGINT'));
  const look = (): void => {
    if (interrupted || !interruptWhen(stdout, stderr)) return;
    interrupted = true;
    child.kill('SIGINT');
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    look();
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`"chamber ${args.join(' ')}" did not end, and printed: ${stdout}${stderr}`));
    }, LONGEST_MS);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}
