import { CliError, usageError } from '../failure/cli-error.ts';
import type { Channel } from '../output/open-output.ts';
import type { Prompts } from './prompts.ts';

interface PromptOptions {
  stdin(): NodeJS.ReadStream;
  /** Questions are no data: they go to stderr. */
  readonly stderr: Channel;
  readonly yes: boolean;
  readonly interrupted: AbortSignal;
}

/** Prompts at the terminal of this process; the library is loaded at the first question. */
export function openPrompts({ stdin, stderr, yes, interrupted }: PromptOptions): Prompts {
  const isPossible = (): boolean => stderr.isTTY === true && stdin().isTTY === true;
  const need = (question: string, flag: string): void => {
    if (!isPossible()) throw usageError(`There is no terminal to ask "${question}" at: pass ${flag}`);
  };
  const at = () => ({ input: stdin(), output: stderr, signal: interrupted });
  const clack = () => import('@clack/prompts');
  const answer = <T>(given: T | symbol): T => {
    if (typeof given === 'symbol') throw new CliError('interrupted', 'Interrupted');
    return given;
  };
  const text = async (question: string, initial: string | undefined): Promise<string> => {
    const given = await (await clack()).text({
      message: question,
      ...at(),
      ...(initial !== undefined && { initialValue: initial }),
    });
    return answer<string | undefined>(given) ?? '';
  };
  return {
    get possible() {
      return isPossible();
    },
    async text(question, flag, { initial } = {}) {
      need(question, flag);
      return text(question, initial);
    },
    async password(question, flag) {
      need(question, flag);
      const given = await (await clack()).password({ message: question, ...at() });
      return answer<string | undefined>(given) ?? '';
    },
    async confirm(question, { initial = false, flag = '--yes' } = {}) {
      if (yes) return true;
      need(question, flag);
      return answer<boolean>(await (await clack()).confirm({ message: question, initialValue: initial, ...at() }));
    },
    async select(question, flag, choices) {
      need(question, flag);
      const { select } = await clack();
      const given = await select({
        message: question,
        options: choices.map(({ value, label, hint }) => ({
          value: String(value),
          label,
          ...(hint !== undefined && { hint }),
        })),
        ...at(),
      });
      const chosen = choices.find(({ value }) => value === answer(given));
      if (chosen === undefined) throw new CliError('interrupted', 'Interrupted');
      return chosen.value;
    },
    async typed(question, word) {
      if (yes) return true;
      need(question, '--yes');
      return (await text(question, undefined)).trim() === word;
    },
  };
}
