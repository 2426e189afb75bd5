import { paths } from './cloud/operation-paths.ts';
import { commands, groups } from './commands/index.ts';
import { EXIT_CODES } from './failure/exit-codes.ts';
import { runProgram } from './program/run-program.ts';
import { VERSION } from './version.ts';

const { argv, env, stdout, stderr } = process;
void runProgram(
  {
    args: argv.slice(2),
    env,
    cwd: process.cwd(),
    // Opened when somebody asks for it: that takes long.
    stdin: () => process.stdin,
    stdout,
    stderr,
    onInterrupt: (run) => {
      process.once('SIGINT', () => {
        // A second one does not wait for anything.
        process.once('SIGINT', () => process.exit(EXIT_CODES.interrupted));
        run();
      });
      process.once('SIGTERM', run);
    },
  },
  { commands, groups, version: VERSION, paths },
).then((code) => process.exit(code));
