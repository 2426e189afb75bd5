import { CliError, usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { flag, numberOption, restArguments, textOption } from '../../program/parameters.ts';

export const flash = defineCommand({
  name: 'flash',
  aliases: ['cloud flash'],
  summary: 'Send firmware to a device, and wait until it runs it',
  details:
    'Over the air the first word is the device, and then come .bin files, one .zip bundle of an application and its assets, or the name of an application that the operator of the cloud has uploaded, such as `tinker`. `--local` flashes a device on USB of this machine, where names of applications and `--target` are for the operator alone. Source code is not compiled.',
  args: {
    words: restArguments('a device, and then files or the name of an application', { complete: 'device' }),
  },
  options: {
    product: textOption('--product <product>', 'a device of this product: its id or slug', { complete: 'product' }),
    wait: flag('--no-wait', 'return when the device has begun to take it'),
    timeout: numberOption('--timeout <seconds>', 'how long nothing may move before it counts as gone (180)', {
      least: 1,
      most: 86_400,
    }),
    local: flag('--local', 'over USB of this machine'),
    usb: flag('--usb', 'the same as --local'),
    serial: flag('--serial', 'over a serial port: gone, use --local'),
    factory: flag('--factory', 'into the slot for factory reset, over USB'),
    applicationOnly: flag('--application-only', 'leave Device OS as it is, over USB'),
    target: textOption('--target <version>', 'a version of Device OS'),
  },
  examples: [
    { line: 'flash greenhouse firmware.bin', says: 'a file that was compiled' },
    { line: 'flash greenhouse product.zip', says: 'an application with its assets' },
    { line: 'flash greenhouse tinker', says: 'an application that the cloud knows' },
    { line: 'cloud flash 0123456789abcdef01234567 firmware.bin --product 12345', says: 'a device of a product' },
    { line: 'flash --local firmware.bin', says: 'a device on USB' },
  ],
  json: '`{ id, update_id, outcome, duration, warning }`: `outcome` is `succeeded`, or null with `--no-wait`; `duration` in seconds',
  rows: ['CLI-13', 'CLI-14', 'CLI-16', 'CLI-17', 'CLI-18', 'CLI-19', 'CLI-20', 'CLI-21'],
  async run({ words, product, wait, timeout = 180, ...how }, context) {
    const { target, factory, applicationOnly } = how;
    if (how.serial) {
      throw new CliError('failure', 'Flashing over a serial port is gone: DFU is faster, and tells when it fails', {
        next: `Use USB, which puts the device into DFU mode by itself: chamber flash --local ${words.join(' ')}`.trim(),
      });
    }
    if (how.local || how.usb || factory || applicationOnly) {
      if (product !== undefined) throw usageError('--product is for flashing over the air, not over USB');
      const { flashLocal } = await import('../../services/local-firmware/flash-local.ts');
      return flashLocal({ words, target, factory, applicationOnly }, context);
    }
    const [device, ...rest] = words;
    if (device === undefined) throw usageError('Say which device to flash: chamber flash <device> <file>');
    const { flashOverAir } = await import('../../services/firmware/flash-over-air.ts');
    return flashOverAir({ device, words: rest, product, target, wait, timeout }, context);
  },
});
