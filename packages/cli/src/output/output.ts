import type { Bar } from './progress-bar.ts';

/**
 * What a command says. Results go to stdout: as text for people, or with `--json` as one envelope (`docs/cli/conventions.md`). Everything else goes to
 * stderr: progress, which `--json` and `--quiet` leave out, and warnings.
 */
export interface Output {
  readonly json: boolean;
  /** Whether stdout is a terminal: people read it, no file or program. */
  readonly terminal: boolean;
  /** Whether people see stderr on a terminal: spinners and bars make sense. */
  readonly live: boolean;
  /** The one result of a command. @param text lines for people; an empty list prints nothing */
  result(data: unknown, text: string | readonly string[]): void;
  /** One of many results of a stream: a line of its own with `--json`. */
  item(data: unknown, text: string | readonly string[]): void;
  /** Text as it is, without a line end: for an echo, which `--json` gives line by line as `item`. */
  echo(text: string): void;
  /** Progress: a line on stderr. */
  note(text: string): void;
  /** A line on stderr that is shown always. */
  warn(text: string): void;
  /** A line on stderr with `-v` alone. Secrets never go here. */
  verbose(text: string): void;
  /** A bar on a terminal; elsewhere only its label, once. With `--json` and `--quiet` nothing. @param total in the unit of `update` */
  bar(label: string, total: number): Bar;
  /** Bold, dim and colours, where stdout takes them; the text itself where not. */
  readonly style: Style;
  /** Whether a write to stdout has failed because its reader is gone. */
  readonly closed: boolean;
  /** Resolves when everything was handed to the system. */
  flush(): Promise<void>;
}

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}
