import { CliError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument, flag } from '../../program/parameters.ts';

export const serverKeysRetire = defineCommand({
  name: 'server keys retire',
  summary: 'End the use of a key of the cloud',
  details: 'Refused while devices hold it, unless it is forced: they cannot connect any more then.',
  args: { keyId: argument('id of the key, as `server keys list` shows it') },
  options: { force: flag('--force', 'also while devices hold it') },
  json: '`{ id }`',
  async run({ keyId, force }, { cloud, out, ask }) {
    const question = `Devices that hold the key ${printable(keyId)} cannot connect any more. Retire it?`;
    if (force && !(await ask.confirm(question, { flag: '--yes' }))) {
      throw new CliError('interrupted', 'Nothing was changed');
    }
    await cloud.call('retireServerKey', { params: { keyId }, query: { force: String(force) } });
    out.result({ id: keyId }, printable(`${keyId} is retired.`));
  },
});
