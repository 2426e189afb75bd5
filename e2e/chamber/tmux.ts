import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { eventually } from '../harness/eventually.ts';

const execute = promisify(execFile);

/** Whether there is a tmux on this machine. */
export const hasTmux = existsSync('/usr/bin/tmux');

/** A terminal that a person could sit at: what is typed, and what stands on the screen. */
export interface Screen extends AsyncDisposable {
  /** Types characters as they are. */
  type(text: string): Promise<void>;
  /** Presses keys by their name, such as `Enter` and `C-c`. */
  press(...keys: readonly string[]): Promise<void>;
  /** What stands on it now, lines without blanks at their ends. */
  read(): Promise<string>;
  /** Waits until the screen shows it. @throws Error with the screen when it doesn't within half a minute */
  shows(what: RegExp): Promise<string>;
  /** What stood on it at any look, since it was opened. */
  readonly seen: readonly string[];
}

const WIDTH = 100;
const HEIGHT = 40;
const LONGEST_MS = 30_000;

/** Opens a terminal of 100 columns and 40 lines with bash in it. */
export async function openScreen(folder: string, env: Readonly<Record<string, string>>): Promise<Screen> {
  const socket = `chamber-${process.pid}-${Date.now()}`;
  const tmux = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await execute('tmux', ['-L', socket, '-f', '/dev/null', ...args], {
      env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env },
      cwd: folder,
    });
    return stdout;
  };
  await tmux('new-session', '-d', '-x', String(WIDTH), '-y', String(HEIGHT), 'bash --norc --noprofile');
  const seen: string[] = [];
  const read = async (): Promise<string> => {
    const screen = await tmux('capture-pane', '-p');
    if (seen.at(-1) !== screen) seen.push(screen);
    return screen;
  };
  return {
    seen,
    read,
    type: async (text) => void (await tmux('send-keys', '-l', text)),
    press: async (...keys) => void (await tmux('send-keys', ...keys)),
    async shows(what) {
      let screen = '';
      await eventually(
        `the screen to show ${what}`,
        async () => {
          screen = await read();
          return what.test(screen);
        },
        LONGEST_MS,
      ).catch((error: unknown) => {
        throw new Error(`${error instanceof Error ? error.message : ''}\n${screen}`);
      });
      return screen;
    },
    [Symbol.asyncDispose]: async () => void (await tmux('kill-server').catch(() => {})),
  };
}
