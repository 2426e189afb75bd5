import type { OperationPaths } from '@cloudchamber/contract/client';
import { systemClock } from '@cloudchamber/kernel';
import { CommanderError } from 'commander';
import { openCloud } from '../cloud/cloud.ts';
import { CliError } from '../failure/cli-error.ts';
import { EXIT_CODES } from '../failure/exit-codes.ts';
import { failureOf } from '../failure/failure-of.ts';
import { ProgramEnd } from '../failure/program-end.ts';
import { type Channel, openOutput } from '../output/open-output.ts';
import type { Output } from '../output/output.ts';
import { openProfileFiles } from '../profile/profile-files.ts';
import { readSettings } from '../profile/settings.ts';
import { openPrompts } from '../prompts/open-prompts.ts';
import { buildProgram, type Call, namesOf } from './build-program.ts';
import type { Context } from './context.ts';
import type { Command } from './define-command.ts';
import { readAll } from './read-all.ts';

/** A process, as far as a program needs it. */
export interface Surroundings {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Opens it at the first call. */
  stdin(): NodeJS.ReadStream;
  readonly stdout: Channel;
  readonly stderr: Channel;
  /** Calls `run` at Ctrl-C. */
  onInterrupt(run: () => void): void;
}

interface ProgramOptions {
  /** Those that a first word can mean, or all of them. */
  commandsFor(word: string | undefined): Promise<readonly Command[]>;
  readonly groups: ReadonlyMap<string, string>;
  readonly version: string;
  readonly paths: OperationPaths;
}

/** Runs one command line. @returns the exit code; everything was said */
export async function runProgram(surroundings: Surroundings, options: ProgramOptions): Promise<number> {
  const { args, stdout, stderr } = surroundings;
  if (args[0] === '__complete') {
    // What shells ask at each Tab: nothing else is built or said.
    const { answerCompletion } = await import('../completion/answer-completion.ts');
    const answer = await answerCompletion({
      ...options,
      commands: await options.commandsFor(undefined),
      args: args.slice(1),
      env: surroundings.env,
    });
    await new Promise<void>((resolve) => stdout.write(answer, () => resolve()));
    return EXIT_CODES.ok;
  }
  const state: { call: Call | undefined } = { call: undefined };
  const program = buildProgram({
    ...options,
    commands: calledBy(args[0], await options.commandsFor(args[0])),
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    onCall: (call) => {
      state.call = call;
    },
  });
  const stop = new AbortController();
  let ending: CliError | undefined;
  const end = (reason: CliError | undefined): void => {
    ending ??= reason;
    stop.abort();
  };
  const wanted = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined);
  const out = openOutput({
    stdout,
    stderr,
    env: surroundings.env,
    json: wanted.includes('--json'),
    quiet: wanted.some((word) => word === '--quiet' || word === '-q'),
    verbose: wanted.some((word) => word === '--verbose' || word === '-v'),
    now: () => systemClock.monotonic(),
    onClosed: () => end(undefined),
    onFailed: (error) => end(failureOf(error)),
  });
  surroundings.onInterrupt(() => end(new CliError('interrupted', 'Interrupted')));
  let failure: CliError | undefined;
  try {
    await program.parseAsync(args, { from: 'user' });
    if (state.call !== undefined) await runCall(state.call, surroundings, options, out, stop.signal);
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has said what is wrong already, in words for people.
      if (error.exitCode === 0 || error.code === 'commander.help') {
        await out.flush();
        return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
      }
      if (out.json) sayAsJson(stdout, new CliError('usage', error.message.replace(/^error: /, '')));
      await out.flush();
      return EXIT_CODES.usage;
    }
    if (error instanceof ProgramEnd) {
      await out.flush();
      return error.code;
    }
    failure = failureOf(error);
  }
  // What stdout could not take is known only now.
  await out.flush();
  // Nobody reads on: that is no failure of the command.
  if (out.closed) return EXIT_CODES.ok;
  // What ends everything comes before what broke because of it.
  failure = ending ?? failure;
  if (failure !== undefined) say(failure, out, stdout);
  await out.flush();
  return failure === undefined ? EXIT_CODES.ok : EXIT_CODES[failure.kind];
}

/** Those that this first word can mean; all of them, when it means none: for help, and for what was mistyped. A tree of all takes long to make. */
function calledBy(word: string | undefined, commands: readonly Command[]): readonly Command[] {
  const meant = commands.filter((command) => namesOf(command).some((name) => name.split(' ', 1)[0] === word));
  return meant.length === 0 ? commands : meant;
}

async function runCall(
  call: Call,
  surroundings: Surroundings,
  { paths, version }: ProgramOptions,
  out: Output,
  interrupted: AbortSignal,
): Promise<void> {
  const { env, cwd, stdin, stderr } = surroundings;
  const { globals } = call;
  const values = call.values();
  const settings = await readSettings({ files: openProfileFiles(env), env, flags: globals });
  const context: Context = {
    out,
    settings,
    interrupted,
    env,
    cwd,
    clock: systemClock,
    yes: globals.yes,
    ask: openPrompts({ stdin, stderr, yes: globals.yes, interrupted }),
    readStdin: () => readAll(stdin()),
    cloud: openCloud({
      settings,
      paths,
      interrupted,
      userAgent: `chamber/${version}`,
      onRequest: out.verbose,
      now: () => systemClock.monotonic(),
    }),
  };
  await call.command.run(values, context);
}

function say(failure: CliError, out: Output, stdout: Channel): void {
  if (out.json) sayAsJson(stdout, failure);
  else if (failure.kind !== 'interrupted') out.warn(`${out.style.red('Error:')} ${failure.message}`);
  if (!out.json && failure.next !== undefined) out.warn(failure.next);
  if (failure.requestId !== undefined) out.verbose(`request ${failure.requestId}`);
  if (failure.cause instanceof Error && failure.cause.stack !== undefined) out.verbose(failure.cause.stack);
}

function sayAsJson(stdout: Channel, { kind, message, next, status, requestId, details }: CliError): void {
  const error = { kind, message, next, status, request_id: requestId, exit_code: EXIT_CODES[kind], details };
  stdout.write(`${JSON.stringify({ ok: false, error })}\n`);
}
