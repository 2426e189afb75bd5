import { usageError } from '../failure/cli-error.ts';

/** What a shell may complete in this place: names from the cloud, or files. */
export type Completion = 'device' | 'product' | 'organization' | 'integration' | 'file' | 'folder' | 'profile';

interface About {
  /** What the shell offers here; words of a fixed list come from `choices`. */
  readonly complete?: Completion;
}

/** A word of the command line after the command's name. */
export interface Argument<T> {
  readonly kind: 'argument';
  readonly required: boolean;
  /** Takes all words that are left. */
  readonly rest: boolean;
  /** Takes options that the command does not know as well, with their values. */
  readonly anyOptions: boolean;
  readonly summary: string;
  readonly complete: Completion | undefined;
  readonly choices: readonly string[] | undefined;
  /** @param raw as commander gives it: a word, a list of them for the rest, or undefined @throws CliError of kind `usage` */
  read(raw: unknown, name: string): T;
}

/** A flag, with a value or without. */
export interface Option<T> {
  readonly kind: 'option';
  /** As commander reads it: `--product <product>`, `-t, --time`. */
  readonly flags: string;
  readonly summary: string;
  /** May be given several times. */
  readonly many: boolean;
  readonly complete: Completion | undefined;
  readonly choices: readonly string[] | undefined;
  readonly hidden: boolean;
  read(raw: unknown, name: string): T;
}

export type Arguments = Readonly<Record<string, Argument<unknown>>>;
export type Options = Readonly<Record<string, Option<unknown>>>;
export type Values<P> = {
  readonly [Name in keyof P]: P[Name] extends { read(raw: unknown, name: string): infer T } ? T : never;
};

const text = (raw: unknown): string | undefined => (typeof raw === 'string' ? raw : undefined);
const argumentOf = <T>(
  part: Pick<Argument<T>, 'required' | 'rest' | 'summary' | 'read'> &
    About & { choices?: readonly string[]; anyOptions?: boolean },
): Argument<T> => ({ kind: 'argument', complete: undefined, choices: undefined, anyOptions: false, ...part });

/** A word that must be there. */
export function argument(summary: string, about: About = {}): Argument<string> {
  return argumentOf({ required: true, rest: false, summary, ...about, read: (raw) => text(raw) ?? '' });
}

/** A word that may be left out. */
export function optionalArgument(summary: string, about: About = {}): Argument<string | undefined> {
  return argumentOf({ required: false, rest: false, summary, ...about, read: text });
}

/** A word of a fixed list. */
export function choiceArgument<T extends string>(summary: string, choices: readonly T[]): Argument<T> {
  return argumentOf({
    required: true,
    rest: false,
    summary,
    choices,
    read: (raw, name) => oneOf(text(raw) ?? '', choices, name),
  });
}

/** A word of a fixed list, which may be left out. */
export function optionalChoice<const T extends string>(
  summary: string,
  choices: readonly T[],
): Argument<T | undefined> {
  return argumentOf({
    required: false,
    rest: false,
    summary,
    choices,
    read: (raw, name) => chosen(text(raw), choices, name),
  });
}

interface AboutRest extends About {
  readonly least?: number;
  readonly anyOptions?: boolean;
}

/** All words that are left, at least `least` of them (0); with `anyOptions` also options that the command does not know. */
export function restArguments(summary: string, about: AboutRest = {}): Argument<readonly string[]> {
  const { least = 0, ...others } = about;
  return argumentOf({
    required: least > 0,
    rest: true,
    summary,
    ...others,
    read: (raw) => (Array.isArray(raw) ? raw.filter((word): word is string => typeof word === 'string') : []),
  });
}

interface AboutOption extends About {
  /** Taken, and not told of: older spellings. */
  readonly hidden?: boolean;
}

const optionOf = <T>(
  part: Pick<Option<T>, 'flags' | 'summary' | 'read'> & AboutOption & { many?: boolean; choices?: readonly string[] },
): Option<T> => ({ kind: 'option', many: false, complete: undefined, choices: undefined, hidden: false, ...part });

/** Without a value: true when it is there. */
export function flag(flags: string, summary: string, about: AboutOption = {}): Option<boolean> {
  return optionOf({ flags, summary, ...about, read: (raw) => raw === true });
}

/** With a value; undefined when it is not there. */
export function textOption(flags: string, summary: string, about: AboutOption = {}): Option<string | undefined> {
  return optionOf({ flags, summary, ...about, read: text });
}

/** A value of a fixed list. */
export function choiceOption<const T extends string>(
  flags: string,
  summary: string,
  choices: readonly T[],
  about: AboutOption = {},
): Option<T | undefined> {
  return optionOf({ flags, summary, choices, ...about, read: (raw, name) => chosen(text(raw), choices, `--${name}`) });
}

/** Given once for each value. */
export function listOption(flags: string, summary: string, about: AboutOption = {}): Option<readonly string[]> {
  return optionOf({
    flags,
    summary,
    many: true,
    ...about,
    read: (raw) => (Array.isArray(raw) ? raw.filter((word): word is string => typeof word === 'string') : []),
  });
}

interface Range {
  readonly least?: number;
  readonly most?: number;
}

/** A whole number. */
export function numberOption(
  flags: string,
  summary: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER, ...about }: Range & AboutOption = {},
): Option<number | undefined> {
  return optionOf({
    flags,
    summary,
    ...about,
    read: (raw, name) => {
      const given = text(raw);
      return given === undefined ? undefined : wholeNumber(given, `--${name}`, { least, most });
    },
  });
}

/** @throws CliError of kind `usage` that names the parameter */
export function wholeNumber(
  given: string,
  name: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER }: Range = {},
): number {
  const number = Number(given);
  if (given.trim() !== '' && Number.isInteger(number) && number >= least && number <= most) return number;
  const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
  throw usageError(`${name} is a whole number ${range}, not "${given}"`);
}

function chosen<T extends string>(given: string | undefined, choices: readonly T[], name: string): T | undefined {
  return given === undefined ? undefined : oneOf(given, choices, name);
}

function oneOf<T extends string>(given: string, choices: readonly T[], name: string): T {
  const found = choices.find((choice) => choice === given);
  if (found === undefined) throw usageError(`${name} is one of ${choices.join(', ')}, not "${given}"`);
  return found;
}
