import { namesOf } from '../program/build-program.ts';
import type { Command } from '../program/define-command.ts';
import { GLOBAL_OPTIONS } from '../program/globals.ts';
import type { Completion } from '../program/parameters.ts';

/** A word that a shell may offer. */
export interface Candidate {
  readonly value: string;
  readonly says: string;
}

/** What belongs where a word is being typed. */
export interface Position {
  /** What is there of the word, without what stays in front of it. */
  readonly prefix: string;
  /** Stays in front of each word that is offered: `--format=`. */
  readonly front: string;
  readonly candidates: readonly Candidate[];
  /** Names of the cloud or of this machine. */
  readonly live: Completion | undefined;
  /** The product that devices are looked for in. */
  readonly product: string | undefined;
  /** Values of `--profile` and `--api-url`. */
  readonly flags: { readonly profile: string | undefined; readonly apiUrl: string | undefined };
}

interface Flag {
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly says: string;
  readonly complete: Completion | undefined;
  readonly choices: readonly string[] | undefined;
  readonly many: boolean;
  readonly hidden: boolean;
}

const globalFlags: readonly Flag[] = [...GLOBAL_OPTIONS, ['-h, --help', 'print help'] as const].map(
  ([flags, says]) => ({
    ...namesIn(flags),
    says,
    complete: flags.startsWith('--profile') ? 'profile' : undefined,
    choices: undefined,
    many: false,
    hidden: false,
  }),
);

/** What can be typed next. @param words of the command line behind the program; the last one is being typed and may be empty */
export function positionIn(
  words: readonly string[],
  { commands, groups }: { readonly commands: readonly Command[]; readonly groups: ReadonlyMap<string, string> },
): Position {
  const byName = new Map(commands.flatMap((command) => namesOf(command).map((name) => [name, command] as const)));
  const primary = new Set(commands.map(({ name }) => name));
  const current = words.at(-1) ?? '';
  const isHelp = words[0] === 'help' && words.length > 1;
  let path: readonly string[] = [];
  const operands: string[] = [];
  const given = new Map<string, string>();
  const used = new Set<string>();
  let pending: Flag | undefined;
  let onlyOperands = false;
  for (const word of words.slice(isHelp ? 1 : 0, -1)) {
    if (pending !== undefined) {
      note(pending, word);
      pending = undefined;
    } else if (!onlyOperands && word === '--') onlyOperands = true;
    else if (!onlyOperands && word.startsWith('-') && word !== '-') {
      const [name = '', ...rest] = word.split('=');
      const flag = flagsOf(byName.get(path.join(' '))).find(({ names }) => names.includes(name));
      for (const one of flag?.names ?? []) used.add(one);
      if (flag?.takesValue && rest.length > 0) note(flag, rest.join('='));
      else if (flag?.takesValue) pending = flag;
    } else if (operands.length === 0 && below([...path, word], byName).length > 0) path = [...path, word];
    else operands.push(word);
  }
  const command = byName.get(path.join(' '));
  const parameters = Object.entries(command?.args ?? {}).map(([, argument]) => argument);
  const product = [
    ...[...given].filter(([complete]) => complete === 'product').map(([, value]) => value),
    ...operands.filter((_word, at) => parameters[at]?.complete === 'product'),
  ][0];
  const base = {
    front: '',
    prefix: current,
    candidates: [],
    live: undefined,
    product,
    flags: { profile: given.get('--profile'), apiUrl: given.get('--api-url') },
  };
  if (pending !== undefined) return { ...base, ...valuesOf(pending) };
  const flags = flagsOf(command);
  if (!onlyOperands && current.startsWith('-')) {
    const at = current.indexOf('=');
    const flag = flags.find(({ names }) => at > 0 && names.includes(current.slice(0, at)));
    if (flag?.takesValue) {
      return { ...base, front: current.slice(0, at + 1), prefix: current.slice(at + 1), ...valuesOf(flag) };
    }
    const offered = flags.filter((flag) => !flag.hidden && (flag.many || !flag.names.some((name) => used.has(name))));
    return {
      ...base,
      candidates: offered.flatMap(({ names, says }) => names.map((value) => ({ value, says }))),
    };
  }
  const children = operands.length > 0 || onlyOperands ? [] : childrenOf(path, { byName, primary, groups, current });
  const top = path.length === 0 && !isHelp ? [{ value: 'help', says: 'print help of a command' }] : [];
  const argument = isHelp ? undefined : (parameters[operands.length] ?? parameters.filter(({ rest }) => rest).at(-1));
  const offered = [...children, ...(operands.length === 0 ? top : [])];
  if (argument === undefined) return { ...base, candidates: offered };
  const { candidates, live } = valuesOf({ says: argument.summary, ...argument });
  return { ...base, candidates: [...offered, ...candidates], live };

  function note(flag: Flag, value: string): void {
    if (flag.complete === 'product') given.set('product', value);
    for (const name of flag.names) given.set(name, value);
  }
}

function valuesOf({ says, complete, choices = [] }: Pick<Flag, 'says' | 'complete' | 'choices'>) {
  return { candidates: (choices ?? []).map((value) => ({ value, says })), live: complete };
}

function flagsOf(command: Command | undefined): readonly Flag[] {
  if (command === undefined) return globalFlags;
  const own = Object.values(command.options).map(({ flags, summary, complete, choices, many, hidden }) => ({
    ...namesIn(flags),
    says: summary,
    complete,
    choices,
    many,
    hidden,
  }));
  return [...own, ...globalFlags];
}

/** `-t, --time <ms>` has two names and takes a value. */
function namesIn(flags: string): { readonly names: readonly string[]; readonly takesValue: boolean } {
  return { names: flags.match(/(?<![\w<[-])--?[A-Za-z][\w-]*/g) ?? [], takesValue: /[<[]/.test(flags) };
}

/** Names that are the path, or begin with it. */
function below(path: readonly string[], byName: ReadonlyMap<string, Command>): readonly string[] {
  const whole = path.join(' ');
  return [...byName.keys()].filter((name) => name === whole || name.startsWith(`${whole} `));
}

interface Tree {
  readonly byName: ReadonlyMap<string, Command>;
  readonly primary: ReadonlySet<string>;
  readonly groups: ReadonlyMap<string, string>;
  readonly current: string;
}

/** The next words of commands. Other names of commands only where nothing else is left. */
function childrenOf(path: readonly string[], { byName, primary, groups, current }: Tree): readonly Candidate[] {
  const front = path.length === 0 ? '' : `${path.join(' ')} `;
  const names = [...byName.keys()].filter((name) => name.startsWith(front) && name !== front.trim());
  const wordsOf = (from: readonly string[]): readonly string[] =>
    [...new Set(from.map((name) => name.slice(front.length).split(' ')[0] ?? ''))].filter((word) =>
      word.startsWith(current),
    );
  const first = wordsOf(names.filter((name) => primary.has(name)));
  const words = first.length > 0 ? first : current === '' && path.length === 0 ? [] : wordsOf(names);
  return words.map((value) => {
    const name = `${front}${value}`;
    return { value, says: byName.get(name)?.summary ?? groups.get(name) ?? '' };
  });
}
