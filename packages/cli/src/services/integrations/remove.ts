import { CliError } from '../../failure/cli-error.ts';
import { failureOf } from '../../failure/failure-of.ts';
import type { Context } from '../../program/context.ts';
import { confirm } from '../../prompts/confirm.ts';
import type { Place } from '../place.ts';
import { integrationsOf } from './integrations-of.ts';
import { foundText, type Noun, ofNoun } from './texts.ts';

interface Removal {
  readonly place: Place;
  readonly noun: Noun;
}

/** What was deleted, and how it is told. */
interface Removed {
  readonly deleted: readonly string[];
  readonly text: readonly string[];
}

export async function removeOne(
  { cloud }: Pick<Context, 'cloud'>,
  { place, noun, id }: Removal & { readonly id: string },
): Promise<Removed> {
  await integrationsOf(cloud, place).remove(id);
  return { deleted: [id], text: [`Successfully deleted ${noun}!`] };
}

/** Asks, and deletes all of a place (CLI-40). @throws CliError of kind `failure` that says how many are gone when one cannot be deleted */
export async function removeAll(
  { cloud, ask }: Pick<Context, 'cloud' | 'ask'>,
  { place, noun }: Removal,
): Promise<Removed> {
  await confirm(ask, `Do you want to delete ALL your ${noun}s?`);
  const { list, remove } = integrationsOf(cloud, place);
  const ids = ofNoun(noun, await list()).map(({ id }) => id);
  const text = [foundText(noun, ids.length), ''];
  const deleted: string[] = [];
  for (const id of ids) {
    try {
      await remove(id);
    } catch (error) {
      const failure = failureOf(error);
      // Somebody else was faster.
      if (failure.kind === 'not-found') continue;
      throw new CliError(failure.kind, `${id} could not be deleted: ${failure.message}`, {
        next: `${deleted.length} of ${ids.length} are deleted.`,
        requestId: failure.requestId,
        cause: error,
      });
    }
    deleted.push(id);
    text.push(`deleting ${id}`);
  }
  return { deleted, text };
}
