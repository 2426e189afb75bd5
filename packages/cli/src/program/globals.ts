import type { Command as CommanderCommand } from 'commander';

/** What every command takes besides its own. */
export interface GlobalFlags {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly yes: boolean;
  readonly profile: string | undefined;
  readonly apiUrl: string | undefined;
}

export const GLOBAL_OPTIONS: readonly (readonly [flags: string, summary: string])[] = [
  ['--json', 'print one JSON envelope, or one a line for streams'],
  ['-q, --quiet', 'no progress'],
  ['-v, --verbose', 'tell each request with its id, on stderr; secrets are masked'],
  ['-y, --yes', 'answer yes to what would be asked'],
  ['--profile <name>', 'use this profile (CHAMBER_PROFILE)'],
  ['--api-url <url>', 'the address of the cloud (CHAMBER_API_URL, or the profile)'],
];

/** Adds them to a command, under a heading of their own in its help. */
export function addGlobals(command: CommanderCommand): void {
  command.optionsGroup('Options of every command:');
  for (const [flags, summary] of GLOBAL_OPTIONS) command.option(flags, summary);
}

export function readGlobals(given: Readonly<Record<string, unknown>>): GlobalFlags {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    json: given.json === true,
    quiet: given.quiet === true,
    verbose: given.verbose === true,
    yes: given.yes === true,
    profile: text(given.profile),
    apiUrl: text(given.apiUrl),
  };
}
