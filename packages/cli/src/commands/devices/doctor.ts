import { CliError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { numberOption } from '../../program/parameters.ts';
import { deviceArgument, productOption } from './parameters.ts';

export const doctor = defineCommand({
  name: 'device doctor',
  aliases: ['doctor'],
  summary: 'Tell why a device does not connect, and what to do',
  details:
    'Looks at the last attempts of the device to connect to this cloud. Operators may name any device by its id, also one that is nobody’s or that nobody has registered. `--approve-key` registers the key that the device showed in an attempt, when it asks first: compare its fingerprint with that of the device.',
  args: { device: deviceArgument },
  options: {
    product: productOption,
    approveKey: numberOption('--approve-key <attempt>', 'let the device in with the key that it showed then', {
      least: 1,
    }),
  },
  examples: [
    { line: 'device doctor greenhouse', says: 'why it is offline' },
    { line: 'device doctor greenhouse --approve-key 4711', says: 'its key was changed, and that is all right' },
  ],
  json: '`{ verdict, connected, next_step, key_registered, device, connections }`; with `--approve-key` `{ id, approved }`',
  async run({ approveKey: attempt, ...place }, { cloud, ask, out }) {
    const examination = await import('../../services/devices/diagnose-device.ts');
    const findings = await examination.examineDevice({ cloud }, place);
    if (attempt === undefined) {
      const { diagnose, diagnosisLines } = await import('../../services/devices/diagnosis.ts');
      const diagnosis = diagnose(findings);
      const { verdict, connected, nextStep = null, keyKnown: key_registered = null } = diagnosis;
      const { device = null, attempts: connections } = findings;
      const data = { verdict, connected, next_step: nextStep, key_registered, device, connections };
      out.result(data, diagnosisLines(findings, diagnosis));
      return;
    }
    const question = `Let the device ${findings.id} in with the key of attempt ${attempt}, and with no other?`;
    if (!(await ask.confirm(question))) throw new CliError('failure', 'Nothing was changed');
    await examination.approveKey({ cloud }, findings, attempt);
    out.result(
      { id: findings.id, approved: attempt },
      `The key is registered: device ${findings.id} is let in at its next try`,
    );
  },
});
