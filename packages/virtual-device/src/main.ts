import { errorMessage } from '@cloudchamber/kernel';
import { listenForInterruption } from './cli/interruption.ts';
import { listenOnStdio } from './cli/listen-on-stdio.ts';
import { parseCommandLine, USAGE } from './cli/options.ts';
import { runCommand } from './cli/run-command.ts';

const write = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  using interruption = listenForInterruption();
  const options = parseCommandLine(process.argv.slice(2), process.env);
  if (options === undefined) process.stdout.write(USAGE);
  else if (options.listen !== undefined) await listenOnStdio(options.listen, process, write, interruption.requested);
  else await runCommand(options, write, interruption.requested);
} catch (error) {
  write(`virtual-device: ${errorMessage(error)}`);
  process.exitCode = 1;
}
