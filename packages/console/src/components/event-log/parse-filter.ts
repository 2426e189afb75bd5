/** What the filter box says (UI-08 to 16). */
export interface EventFilter {
  /** Each must be found somewhere; lower case. */
  readonly words: readonly string[];
  /** Lower case. */
  readonly device: string | undefined;
  /** A whole name, or its beginning when `*` ended it; lower case. */
  readonly event: { readonly text: string; readonly isPrefix: boolean } | undefined;
  /** Part of the data; lower case. */
  readonly data: string | undefined;
  readonly range: { readonly min: number; readonly max: number } | undefined;
  /** What cannot be used as it stands, in words for people. What is wrong is left out, the rest counts. */
  readonly problems: readonly string[];
  /** What may have been meant otherwise, but is used. */
  readonly hints: readonly string[];
}

export const MODIFIERS = ['device', 'event', 'range', 'data'] as const;
type Modifier = (typeof MODIFIERS)[number];

const TOKEN = /([a-z]+):"([^"]*)"?|"([^"]*)"?|(\S+)/gi;
const RANGE = /^([+-]?(?:\d+\.?\d*|\.\d+))-([+-]?(?:\d+\.?\d*|\.\d+))$/;

export interface ParseOptions {
  /** Whether the log is of one device: `device:` makes no sense there (UI-10). */
  readonly oneDevice?: boolean;
}

/**
 * Takes a filter apart: words, and modifiers `name:value`, whose value may stand in quotation marks when it has spaces. One modifier of each type
 * (UI-15): the first counts. Never throws.
 */
export function parseFilter(text: string, { oneDevice = false }: ParseOptions = {}): EventFilter {
  const words: string[] = [];
  const problems: string[] = [];
  const hints: string[] = [];
  const given = new Map<Modifier, string>();
  for (const [whole, quotedName, quotedValue, phrase, plain] of text.matchAll(TOKEN)) {
    const colon = plain?.indexOf(':') ?? -1;
    const name = quotedName ?? plain?.slice(0, Math.max(0, colon)) ?? '';
    const modifier = MODIFIERS.find((one) => one === name.toLowerCase());
    if (modifier === undefined) {
      const word = (phrase ?? whole).toLowerCase();
      if (word !== '') words.push(word);
      if (/^[a-z]{2,}$/i.test(name)) hints.push(`“${name}:” is no modifier, so “${whole}” is looked for as text.`);
      continue;
    }
    const value = quotedValue ?? plain?.slice(colon + 1) ?? '';
    if (modifier === 'device' && oneDevice) {
      problems.push('“device:” cannot be used here: these are the events of one device already.');
    } else if (given.has(modifier)) {
      problems.push(`Only one “${modifier}:” can be used at a time: the first one counts.`);
    } else if (value === '') {
      problems.push(`“${modifier}:” needs a value right behind it, such as ${EXAMPLE[modifier]}.`);
    } else given.set(modifier, value);
  }
  const range = rangeOf(given.get('range'), problems);
  const event = given.get('event')?.toLowerCase();
  return {
    words,
    device: given.get('device')?.toLowerCase(),
    event: event === undefined ? undefined : { text: event.replace(/\*$/, ''), isPrefix: event.endsWith('*') },
    data: given.get('data')?.toLowerCase(),
    range,
    problems: [...new Set(problems)],
    hints: [...new Set(hints)],
  };
}

const EXAMPLE: Readonly<Record<Modifier, string>> = {
  device: 'device:34003d001647353236343012',
  event: 'event:status',
  range: 'range:20-100',
  data: 'data:device-is-ok',
};

function rangeOf(value: string | undefined, problems: string[]): EventFilter['range'] {
  if (value === undefined) return undefined;
  const [, first, second] = RANGE.exec(value) ?? [];
  if (first === undefined || second === undefined) {
    problems.push(`“range:${value}” needs two numbers with a dash between them, such as ${EXAMPLE.range}.`);
    return undefined;
  }
  const [min, max] = [Number(first), Number(second)];
  if (min <= max) return { min, max };
  problems.push(`“range:${value}” has its smaller number last: range:${second}-${first} would fit.`);
  return undefined;
}

/** @returns the text with a modifier set, in place of one of the same type. @param value without spaces, or it gets quotation marks */
export function withModifier(text: string, modifier: Modifier, value: string): string {
  const said = `${modifier}:${/[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value}`;
  const kept = [...text.matchAll(TOKEN)].map(([whole]) => whole);
  return [...kept.filter((token) => !token.toLowerCase().startsWith(`${modifier}:`)), said].join(' ');
}
