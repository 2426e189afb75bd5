import type { OperationPaths } from '@cloudchamber/contract/client';
import { systemClock } from '@cloudchamber/kernel';
import { openCloud } from '../cloud/cloud.ts';
import { openProfileFiles } from '../profile/profile-files.ts';
import { readSettings } from '../profile/settings.ts';
import type { Command } from '../program/define-command.ts';
import { liveNames } from './live-names.ts';
import { type Candidate, type Position, positionIn } from './position.ts';
import { plainWords, type Rawness } from './shell-words.ts';

/** Nobody waits longer for a list of names. */
const LONGEST_MS = 1000;

interface Asked {
  /**
   * Behind `__complete`: how raw the words are, `--`, and the words up to the one that is being typed. A shell that cannot pass an empty word has that last one in
   * CHAMBER_COMPLETE_LAST.
   */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly commands: readonly Command[];
  readonly groups: ReadonlyMap<string, string>;
  readonly version: string;
  readonly paths: OperationPaths;
}

/**
 * What a shell offers: the first line says whether these are `words`, or that files or folders belong here; then a line for each word, with what it is behind a
 * tab. It never fails: what the cloud does not say within a second is left out.
 */
export async function answerCompletion(asked: Asked): Promise<string> {
  const [raw, , ...given] = asked.args;
  const last = asked.env.CHAMBER_COMPLETE_LAST;
  const words = last === undefined ? given : [...given, last];
  const found = positionIn(plainWords(words, rawness(raw)), asked);
  // bash takes what stands behind the sign for the word.
  const position = raw === 'all' ? { ...found, front: '' } : found;
  const { live, prefix, front } = position;
  if (live === 'file' || live === 'folder') return `${live}s\n${linesOf(position.candidates, position)}`;
  const names = live === undefined ? [] : await namesFor(position, asked).catch(() => []);
  const all = [...position.candidates, ...names].filter(({ value }) => value.startsWith(prefix));
  return `words\n${linesOf(all, { prefix, front })}`;
}

const rawness = (given: string | undefined): Rawness => (given === 'all' || given === 'last' ? given : 'none');

function linesOf(candidates: readonly Candidate[], { front, prefix }: Pick<Position, 'front' | 'prefix'>): string {
  const lines = candidates
    .filter(({ value }) => value.startsWith(prefix))
    // A name that would break the line is not one to complete.
    .filter(({ value }) => !/\p{Cc}/u.test(value))
    .map(({ value, says }) => `${front}${value}\t${says.replace(/\p{Cc}/gu, ' ')}\n`);
  return [...new Set(lines)].join('');
}

async function namesFor(position: Position, { env, paths, version }: Asked): Promise<readonly Candidate[]> {
  const files = openProfileFiles(env);
  if (position.live === 'profile') return (await files.list()).map((value) => ({ value, says: 'profile' }));
  const settings = await readSettings({ files, env, flags: position.flags });
  const cloud = openCloud({
    settings,
    paths,
    interrupted: AbortSignal.timeout(LONGEST_MS),
    userAgent: `chamber/${version}`,
    onRequest: () => {},
    now: () => systemClock.monotonic(),
  });
  return liveNames(cloud, position);
}
