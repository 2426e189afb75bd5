import { once } from 'node:events';
import { errorMessage } from '@cloudchamber/kernel';
import { parseCommandLine, USAGE } from './cli/options.ts';
import { runCommand } from './cli/run-command.ts';

const write = (line: string): void => void process.stderr.write(`${line}\n`);

/** Resolves at the first Ctrl-C or SIGTERM; the second ends the process at once. */
async function interrupted(): Promise<void> {
  // A channel that nobody uses keeps the process alive while every device waits for its next attempt.
  const { port1 } = new MessageChannel();
  port1.onmessage = () => {};
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  port1.close();
  write('saying Goodbye ...');
  process.once('SIGINT', () => process.exit(130));
}

try {
  const options = parseCommandLine(process.argv.slice(2), process.env);
  if (options === undefined) process.stdout.write(USAGE);
  else await runCommand(options, write, interrupted());
} catch (error) {
  write(`virtual-device: ${errorMessage(error)}`);
  process.exitCode = 1;
}
