import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const SCRIPT = '/usr/bin/script';
/** A bound on hanging. */
const LONGEST_MS = 60_000;

/** Whether this machine can give a program a terminal: `script` of util-linux. */
export const hasTerminals = process.platform === 'linux' && existsSync(SCRIPT);

interface Session {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What is typed once the text before it has been seen, in this order. */
  readonly typed: ReadonlyArray<readonly [seen: string, keys: string]>;
}

/** Runs a line of `sh` at a terminal of its own. @returns its exit code, and all that the terminal showed, without control sequences */
export function atTerminal(
  line: string,
  { cwd, env, typed }: Session,
): Promise<{ readonly code: number | null; readonly text: string }> {
  // Without a size, questions are drawn a letter a line.
  const child = spawn(SCRIPT, ['-qfec', `stty cols 200 rows 50; ${line}`, '/dev/null'], { cwd, env, stdio: 'pipe' });
  const left = [...typed];
  let text = '';
  let readTo = 0;
  child.stdin.on('error', () => {});
  const read = (chunk: string): void => {
    text += stripVTControlCharacters(chunk);
    for (let [next] = left; next !== undefined; [next] = left) {
      const at = text.indexOf(next[0], readTo);
      if (at < 0) return;
      readTo = at + next[0].length;
      left.shift();
      child.stdin.write(next[1]);
    }
  };
  child.stdout.setEncoding('utf8').on('data', read);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`"${line}" did not end, and showed: ${text}`));
    }, LONGEST_MS);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, text });
    });
  });
}
