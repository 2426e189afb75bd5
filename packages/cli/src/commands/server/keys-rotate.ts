import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { choiceOption } from '../../program/parameters.ts';

export const serverKeysRotate = defineCommand({
  name: 'server keys rotate',
  summary: 'Make the next key of the cloud',
  details:
    'Devices are given the new key from now on; those that hold the one before go on connecting until it is retired.',
  options: {
    algorithm: choiceOption('--algorithm <kind>', 'ecc for devices over UDP, rsa for devices over TCP', ['ecc', 'rsa']),
  },
  json: 'the new key: `{ id, algorithm, public_key, fingerprint, created_at, retired_at, devices }`',
  async run({ algorithm = 'ecc' }, { cloud, out }) {
    const key = await cloud.call('rotateServerKey', { body: { algorithm } });
    out.result(key, [
      printable(`${key.id}  ${key.fingerprint}`),
      'Devices are given this key from now on; the one before works on.',
    ]);
  },
});
