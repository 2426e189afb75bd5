import { spawn } from 'node:child_process';

/**
 * Runs a line as a person would who pasted it into a shell, and reads what it prints.
 * @param enough ends the line, as Ctrl-C does, once it says yes to the output so far; without it the line ends by itself
 * @returns all of its standard output
 * @throws Error when it takes longer than `withinMs`
 */
export function runInShell(
  line: string,
  withinMs: number,
  enough: (output: string) => boolean = () => false,
): Promise<string> {
  const shell = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const interrupt = (): void => {
    if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGINT');
  };
  return new Promise((resolve, reject) => {
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      interrupt();
    }, withinMs);
    shell.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (enough(output)) interrupt();
    });
    shell.once('error', reject);
    shell.once('close', () => {
      clearTimeout(timer);
      if (late) reject(new Error(`"${line}" took longer than ${withinMs} ms and printed: ${output}`));
      else resolve(output);
    });
  });
}
