import { paths } from './cloud/operation-paths.ts';
import { commandsFor, groups } from './commands/index.ts';
import { EXIT_CODES } from './failure/exit-codes.ts';
import { runProgram } from './program/run-program.ts';
import { VERSION } from './version.ts';

/** One Ctrl-C comes more than once: the terminal sends it to every process, and npm and our launcher pass theirs on. */
const SAME_CTRL_C_SECONDS = 1;

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
      let first: number | undefined;
      process.on('SIGINT', () => {
        first ??= process.uptime();
        // A second one does not wait for anything.
        if (process.uptime() - first >= SAME_CTRL_C_SECONDS) process.exit(EXIT_CODES.interrupted);
        run();
      });
      process.once('SIGTERM', run);
    },
  },
  { commandsFor, groups, version: VERSION, paths },
).then((code) => process.exit(code));
