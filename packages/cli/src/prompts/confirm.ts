import { CliError } from '../failure/cli-error.ts';
import type { Prompts } from './prompts.ts';

/** Goes on only after a yes, or with `--yes`. @throws CliError of kind `failure` for a no */
export async function confirm(ask: Pick<Prompts, 'confirm'>, question: string): Promise<void> {
  if (!(await ask.confirm(question))) throw unchanged();
}

/** Goes on only when `word` was typed, or with `--yes`. @throws CliError of kind `failure` for anything else */
export async function confirmTyped(ask: Pick<Prompts, 'typed'>, question: string, word: string): Promise<void> {
  if (!(await ask.typed(question, word))) throw unchanged();
}

const unchanged = (): CliError => new CliError('failure', 'Not confirmed: nothing was changed');
