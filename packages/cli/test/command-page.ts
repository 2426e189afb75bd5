import { namesOf } from '../src/program/build-program.ts';
import type { Command } from '../src/program/define-command.ts';
import { GLOBAL_OPTIONS } from '../src/program/globals.ts';
import type { Argument } from '../src/program/parameters.ts';

/** The file of a command's page in docs/cli. */
export function pageName({ name }: Pick<Command, 'name'>): string {
  return `${name.replaceAll(' ', '-')}.md`;
}

/** How a command is called: `chamber call <device> <function> [argument]`. */
export function usageOf({ name, args }: Pick<Command, 'name' | 'args'>): string {
  const words = Object.entries(args).map(([key, argument]) => wordOf(key, argument));
  return ['chamber', name, ...words].join(' ');
}

function wordOf(key: string, { required, rest }: Argument<unknown>): string {
  const shown = `${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}${rest ? '...' : ''}`;
  return required ? `<${shown}>` : `[${shown}]`;
}

/** A command's page in docs/cli, made from its declaration alone. */
export function commandPage(command: Command): string {
  const { summary, details, args, options, examples = [], json, stream, desk } = command;
  const words = Object.entries(args).map(([key, argument]) => [
    `\`${wordOf(key, argument)}\``,
    withChoices(argument.summary, argument.choices),
  ]);
  const flags = Object.values(options)
    .filter(({ hidden }) => !hidden)
    .map(({ flags: names, summary: says, choices, many }) => [
      `\`${names}\``,
      `${withChoices(says, choices)}${many ? '; may be given several times' : ''}`,
    ]);
  const aliases = namesOf(command).slice(1);
  const parts = [
    `# chamber ${command.name}`,
    `${summary}.`,
    ...(desk === true ? ['It was never run on real hardware: [what was tested how](../desk.md).'] : []),
    `\`\`\`\n${usageOf(command)} [options]\n\`\`\``,
    ...(aliases.length > 0
      ? [`The same by other names: ${aliases.map((alias) => `\`chamber ${alias}\``).join(', ')}.`]
      : []),
    ...(details === undefined ? [] : [details.trim()]),
    ...(words.length > 0 ? [table(['Argument', 'What it is'], words)] : []),
    ...(flags.length > 0 ? [table(['Option', 'What it does'], flags)] : []),
    ...(examples.length > 0
      ? [
          `## Examples\n\n\`\`\`sh\n${examples.map(({ line, says }) => `# ${says}\nchamber ${line}`).join('\n\n')}\n\`\`\``,
        ]
      : []),
    `## With \`--json\`\n\n${stream === true ? 'A line for each' : '`data` is'}: ${json}. See [the envelope and the exit codes](conventions.md).`,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The list of all commands, docs/cli/README.md. */
export function indexPage(commands: readonly Command[]): string {
  const rows = commands
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map((command) => [`[${command.name}](${pageName(command)})`, command.summary]);
  const globals = GLOBAL_OPTIONS.map(([flags, summary]) => [`\`${flags}\``, summary]);
  return `${[
    '# chamber, the command line',
    'Made from the commands themselves; `chamber <command> --help` says the same. [Conventions](conventions.md): output, exit codes, settings. [What was tested](compatibility.md). [Devices on a desk](../desk.md).',
    table(['Command', 'What it does'], rows),
    '## Options of every command',
    table(['Option', 'What it does'], globals),
  ].join('\n\n')}\n`;
}

function withChoices(summary: string, choices: readonly string[] | undefined): string {
  return choices === undefined ? summary : `${summary}: ${choices.map((choice) => `\`${choice}\``).join(', ')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
