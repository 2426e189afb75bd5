import type { Clock } from '@cloudchamber/kernel';
import type { Cloud } from '../cloud/cloud.ts';
import type { Output } from '../output/output.ts';
import type { Settings } from '../profile/settings.ts';
import type { Prompts } from '../prompts/prompts.ts';

/** What every command is given besides its own values. */
export interface Context {
  readonly out: Output;
  readonly ask: Prompts;
  readonly settings: Settings;
  /** The cloud of the settings, with their token. */
  readonly cloud: Cloud;
  readonly clock: Clock;
  /** Fires at Ctrl-C and when nobody reads the output any more. Requests, streams and waits end with it. */
  readonly interrupted: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute: what paths of the command line are relative to. */
  readonly cwd: string;
  /** All of standard input, up to 1 MB. @throws CliError when it is a terminal, or longer */
  readStdin(): Promise<string>;
  /** `--yes`: what would be asked is answered with yes. */
  readonly yes: boolean;
}
