import { basename } from 'node:path';
import { CliError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument } from '../../program/parameters.ts';

export const binaryInspect = defineCommand({
  name: 'binary inspect',
  summary: 'Tell what is in a firmware file',
  details:
    'A .bin file of one module or several, or a .zip bundle of an application and its assets, of at most 16 MB. It ends with 1 when a checksum is wrong.',
  args: { file: argument('a .bin or .zip file', { complete: 'file' }) },
  examples: [{ line: 'binary inspect firmware.bin', says: 'what it was compiled for, and what it needs' }],
  json: '`{ file, kind, modules, assets, problems }`: of each module its CRC, platform, function, version, dependencies, product and needed assets; of each asset its size and SHA-256',
  rows: ['CLI-75'],
  async run({ file }, { out, cwd }) {
    const [{ inspectFirmware, MOST_TO_INSPECT }, { inspectText }, { readFirmwareFile }] = await Promise.all([
      import('../../services/firmware/inspect-firmware.ts'),
      import('../../services/firmware/inspect-text.ts'),
      import('../../services/firmware/read-firmware-file.ts'),
    ]);
    const report = inspectFirmware(basename(file), await readFirmwareFile(file, cwd, MOST_TO_INSPECT));
    const isGood = report.problems.length === 0;
    // With --json there is one envelope, and it is the failure.
    if (isGood || !out.json) out.result(report, inspectText(report));
    if (!isGood) throw new CliError('failure', report.problems.join('; '));
  },
});
