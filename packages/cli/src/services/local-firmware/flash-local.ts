import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';

interface LocalFlash {
  /** As on the command line: a device, when there are several, and then what to flash. */
  readonly words: readonly string[];
  /** Device OS version, from `--target`. */
  readonly target: string | undefined;
  /** Into the slot for factory reset. */
  readonly factory: boolean;
  /** Leaves Device OS as it is. */
  readonly applicationOnly: boolean;
}

/** Flashes a device that is connected to this machine by USB (checklist CLI-14, CLI-16, CLI-18, CLI-19). @throws CliError */
export async function flashLocal(_input: LocalFlash, _context: Context): Promise<void> {
  throw new CliError('failure', 'Flashing over USB is not there yet', {
    next: 'Flash over the air: chamber flash <device> <file>.',
  });
}
