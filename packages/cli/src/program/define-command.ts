import type { Context } from './context.ts';
import type { Arguments, Options, Values } from './parameters.ts';

interface Example {
  /** Without `chamber` in front. */
  readonly line: string;
  readonly says: string;
}

interface About {
  /** Words of the command: a noun, then a verb, such as `device rename`. */
  readonly name: string;
  /** Other names that do the same, whole, such as `cloud name`. */
  readonly aliases?: readonly string[];
  /** A line without a full stop, which begins with a verb. */
  readonly summary: string;
  /** What a reader of its page must know besides; Markdown. */
  readonly details?: string;
  readonly examples?: readonly Example[];
  /** What `data` of `--json` is, in words; for a stream, of each line. */
  readonly json: string;
  /** It goes on until it is interrupted, and `--json` gives a line for each thing. */
  readonly stream?: boolean;
  /** Rows of the checklist that it fulfils. */
  readonly rows?: readonly string[];
  /** Needs real hardware on a desk; its page says what was never run on any. */
  readonly desk?: boolean;
}

/** A command as the program sees it: how it is called, and what it does. */
export interface Command extends About {
  readonly args: Arguments;
  readonly options: Options;
  /** @param input values by name, as their parameters read them */
  run(input: Readonly<Record<string, unknown>>, context: Context): Promise<void>;
}

interface Declaration<A extends Arguments, O extends Options> extends About {
  /** In the order of the command line; a rest comes last. */
  readonly args?: A;
  /** By the name that `run` gets them by. */
  readonly options?: O;
  /** Loads its service when it is called, so that no other command pays for it: `(await import('../../services/…')).verb(…)`. */
  run(input: Values<A> & Values<O>, context: Context): Promise<void>;
}

/** Declares a command with typed values. */
export function defineCommand<
  const A extends Arguments = Record<never, never>,
  const O extends Options = Record<never, never>,
>(declaration: Declaration<A, O>): Command {
  const { args, options, run, ...about } = declaration;
  return {
    ...about,
    args: args ?? {},
    options: options ?? {},
    // The program reads each value with its own parameter, which is what the types say.
    run: (input, context) => run(input as Values<A> & Values<O>, context),
  };
}
