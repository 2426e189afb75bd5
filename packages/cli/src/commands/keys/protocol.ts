import { CliError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';

export const protocol = defineCommand({
  name: 'keys protocol',
  summary: 'Say that a device has one protocol, which cannot be changed',
  details: 'It is gone from current devices: each platform has one transport. "keys address" shows it.',
  json: 'Nothing: it always fails',
  desk: true,
  run() {
    throw new CliError('failure', '"keys protocol" is gone: each platform has one protocol', {
      next: '"chamber keys address" shows which one a device uses.',
    });
  },
});
