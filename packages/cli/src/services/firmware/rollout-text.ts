import type { Output } from '@cloudchamber/contract/client';
import { usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';
import { scopeText } from './release-text.ts';

export type Rollout = Output<'getRollout'>['rollout'];

/** What a step reaches: one of the three. */
type Reach = { percent: number } | { count: number } | { groups: string[] };

/** Reads `--step`: `10%`, `50` devices, or `beta,lab`. @throws CliError of kind `usage` */
export function readStep(word: string): Reach {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(word)?.[1];
  if (percent !== undefined) return { percent: Number(percent) };
  if (/^\d+$/.test(word)) return { count: Number(word) };
  const groups = word.split(',').map((name) => name.trim());
  if (groups.includes(''))
    throw usageError(`--step is such as 10%, 50 (devices) or the names of groups, not "${word}"`);
  return { groups };
}

function reachText({ percent, count, groups }: Rollout['steps'][number]): string {
  if (percent !== undefined) return `${percent} %`;
  if (count !== undefined) return `${count} devices`;
  return (groups ?? []).map(printable).join(', ');
}

/** @returns such as `version 7: running, step 1 of 2, 40 % decided (3 run it, 1 failed, 6 to go)` */
export function rolloutLine(rollout: Rollout): string {
  const { version, state, step, steps, percent, succeeded, failed, offered, message } = rollout;
  const counts = `${succeeded} run it, ${failed} failed, ${offered} to go`;
  const why = message === null ? '' : `: ${printable(message)}`;
  const name = state.replace('_', ' ');
  return `version ${version}: ${name}, step ${step} of ${steps.length}, ${percent} % decided (${counts})${why}`;
}

/** @returns a rollout with its steps */
export function rolloutText(rollout: Rollout): string[] {
  const { id, product_default: isDefault, groups, next_at: next, steps, created_by: by } = rollout;
  const rows = steps.map((step, at) => [
    String(at + 1),
    reachText(step),
    step.state.replace('_', ' '),
    ...[step.succeeded, step.failed, step.offered, step.left].map(String),
  ]);
  return [
    `Rollout ${id} of ${rolloutLine(rollout)}`,
    `To ${scopeText({ isDefault, groups })}, by ${printable(by)}`,
    ...(next === null ? [] : [`The next step begins at ${next}`]),
    ...tableOf(['STEP', 'REACHES', 'STATE', 'RUN IT', 'FAILED', 'TO GO', 'LEFT'], rows),
  ];
}
