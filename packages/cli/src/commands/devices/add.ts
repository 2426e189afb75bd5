import { defineCommand } from '../../program/define-command.ts';
import { argument, flag } from '../../program/parameters.ts';

export const add = defineCommand({
  name: 'device add',
  aliases: ['cloud claim'],
  summary: 'Claim a device to your account',
  details:
    'A device that belongs to somebody else can be asked for: its owner gets a mail, and says yes or no within a week. A new device must be known to the cloud first: `chamber keys send` registers its key.',
  args: { id: argument('Id of the device, 24 hex digits') },
  options: { requestTransfer: flag('--request-transfer', 'ask its owner for it, when it belongs to somebody else') },
  examples: [{ line: 'device add 0123456789abcdef78901234', says: 'a device that nobody has' }],
  json: '`{ ok, deviceID, user_id, claimed, connected }`, or `{ ok, transfer_id }` when its owner is asked for it',
  rows: ['CLI-08'],
  async run({ id, requestTransfer }, { cloud, ask, out }) {
    const { claimDevice } = await import('../../services/devices/claim-device.ts');
    out.note(`Claiming device ${id.trim().toLowerCase()}`);
    const reply = await claimDevice({ cloud, ask }, { id, requestTransfer });
    const text =
      'transfer_id' in reply
        ? `Transfer #${reply.transfer_id} requested. You will receive an email if your transfer is approved or denied.`
        : `Successfully claimed device ${id.trim().toLowerCase()}`;
    out.result(reply, text);
  },
});
