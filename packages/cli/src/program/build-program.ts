import { Argument as CommanderArgument, Command as CommanderCommand, Option as CommanderOption } from 'commander';
import type { Command } from './define-command.ts';
import { addGlobals, type GlobalFlags, readGlobals } from './globals.ts';
import type { Argument, Option } from './parameters.ts';

/** A command as the command line named it, with its values as they were typed. */
export interface Call {
  readonly command: Command;
  readonly globals: GlobalFlags;
  /** Reads every value by its parameter. @throws CliError of kind `usage` */
  values(): Readonly<Record<string, unknown>>;
}

interface ProgramParts {
  readonly commands: readonly Command[];
  /** What groups of commands are for, by their name. */
  readonly groups: ReadonlyMap<string, string>;
  readonly version: string;
  writeOut(text: string): void;
  writeErr(text: string): void;
  onCall(call: Call): void;
}

/** The names of a command, the first of which help shows. */
export function namesOf({ name, aliases = [] }: Command): readonly string[] {
  return [name, ...aliases];
}

/** Commander's tree of all commands. It never ends the process: it throws CommanderError. */
export function buildProgram(parts: ProgramParts): CommanderCommand {
  const root = prepare(new CommanderCommand('chamber'), parts)
    .description('The command line of Cloud Chamber, a device cloud for your own machines.')
    .version(parts.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    // Commands have a --version of their own.
    .enablePositionalOptions()
    .showHelpAfterError('(chamber --help lists all commands)')
    .addHelpText('after', '\nGuides: docs/cli in the folder of Cloud Chamber, or the address of your cloud.');
  const nodes = new Map<string, CommanderCommand>([['', root]]);
  const nodeAt = (path: string, hidden: boolean): CommanderCommand => {
    const known = nodes.get(path);
    if (known !== undefined) return known;
    const at = path.lastIndexOf(' ');
    const parent = nodeAt(at < 0 ? '' : path.slice(0, at), hidden);
    const node = prepare(new CommanderCommand(path.slice(at + 1)), parts).helpCommand(false);
    node.description(parts.groups.get(path) ?? '');
    parent.addCommand(node, { hidden });
    nodes.set(path, node);
    return node;
  };
  for (const command of parts.commands) nodeAt(command.name, false);
  for (const command of parts.commands) {
    for (const name of namesOf(command)) complete(nodeAt(name, name !== command.name), command, parts);
  }
  return root;
}

function prepare(node: CommanderCommand, { writeOut, writeErr }: ProgramParts): CommanderCommand {
  // Positional: `server keys` and `server keys list` are both commands, and options belong to the one that they stand behind.
  return node
    .exitOverride()
    .configureOutput({ writeOut, writeErr })
    .allowExcessArguments(false)
    .enablePositionalOptions();
}

function complete(node: CommanderCommand, command: Command, { onCall }: ProgramParts): void {
  node
    .summary(command.summary)
    .description([`${command.summary}.`, command.details?.trim()].filter(Boolean).join('\n\n'));
  const names = Object.entries(command.args);
  for (const [name, parameter] of names) node.addArgument(argumentFor(name, parameter));
  for (const option of Object.values(command.options)) node.addOption(optionFor(option));
  if (names.some(([, { anyOptions }]) => anyOptions)) node.allowUnknownOption();
  addGlobals(node);
  const examples = command.examples ?? [];
  if (examples.length > 0) {
    const lines = examples.map(({ line, says }) => `  # ${says}\n  chamber ${line}`);
    node.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  }
  node.action((...given: unknown[]) => {
    const words = given.slice(0, names.length);
    const flags: Record<string, unknown> = node.opts();
    onCall({
      command,
      globals: readGlobals(flags),
      values: () => ({
        ...Object.fromEntries(names.map(([name, parameter], at) => [name, parameter.read(words[at], `<${name}>`)])),
        ...Object.fromEntries(
          Object.entries(command.options).map(([name, option]) => {
            const attribute = optionFor(option);
            return [name, option.read(flags[attribute.attributeName()], attribute.long?.slice(2) ?? name)];
          }),
        ),
      }),
    });
  });
}

/** `deviceId` is shown as `device-id`. */
function argumentFor(name: string, { required, rest, summary, choices }: Argument<unknown>): CommanderArgument {
  const shown = `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}${rest ? '...' : ''}`;
  const about = choices === undefined ? summary : `${summary} (${choices.join(', ')})`;
  return new CommanderArgument(required ? `<${shown}>` : `[${shown}]`, about);
}

function optionFor({ flags, summary, choices, hidden, many }: Option<unknown>): CommanderOption {
  const about = choices === undefined ? summary : `${summary} (${choices.join(', ')})`;
  const option = new CommanderOption(flags, about).hideHelp(hidden);
  if (many) option.argParser((value: string, before: unknown) => [...(Array.isArray(before) ? before : []), value]);
  return option;
}
