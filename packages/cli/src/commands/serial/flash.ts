import { CliError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { restArguments } from '../../program/parameters.ts';

export const flash = defineCommand({
  name: 'serial flash',
  summary: 'Say what to use instead: flashing over serial is gone',
  args: { files: restArguments('is not read', { complete: 'file' }) },
  json: 'nothing: it always fails',
  rows: ['CLI-49'],
  desk: true,
  async run() {
    throw new CliError(
      'failure',
      'Flashing over serial is no longer available: Device OS 6.0.0 and later do not have it',
      {
        next: 'Use "chamber flash --usb <file>" with the device in DFU mode (blinking yellow).',
      },
    );
  },
});
