import { ModuleFunction } from '@cloudchamber/wire';
import { CliError, usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { checkVersion } from '../usb/change-mode.ts';
import { chooseDevice } from '../usb/choose-devices.ts';
import { openUsb } from '../usb/open-usb.ts';
import { usbPlatform } from '../usb/usb-platform.ts';
import { deviceOsModules, knownApplication } from './firmware-library.ts';
import { type NamedModule, planFlash } from './flash-plan.ts';
import { isThere, modulesInFile } from './read-modules.ts';
import { runFlash } from './run-flash.ts';

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

/** Network processors and radio stacks are left to `update`. */
const LEFT_OUT: readonly number[] = [ModuleFunction.NCP_FIRMWARE, ModuleFunction.RADIO_STACK];

/** Flashes a device that is connected to this machine by USB (checklist CLI-14, CLI-16, CLI-18, CLI-19). @throws CliError */
export async function flashLocal(input: LocalFlash, context: Context): Promise<void> {
  const { words, target, factory, applicationOnly } = input;
  const { device: word, files } = await sortWords(words, context);
  // Files are looked at before the device is.
  const given: NamedModule[] = [];
  const names: string[] = [];
  for (const file of files) {
    if (await isThere(context.cwd, file)) given.push(...(await modulesInFile(context.cwd, file)));
    else if (/\.(bin|zip)$/i.test(file)) throw new CliError('not-found', `There is no file ${printable(file)}`);
    else names.push(file);
  }
  const port = await openUsb(context);
  const device = await chooseDevice(word, port, context);
  checkVersion(device);
  for (const name of names) given.push(...(await knownApplication(name, device.platformId, context)));
  const system =
    target === undefined || applicationOnly || factory
      ? []
      : (await deviceOsModules(target, device.platformId, context)).modules;
  const modules = [...system.filter(({ module }) => !LEFT_OUT.includes(module.prefix.function)), ...given];
  const platform = usbPlatform(device.platformId);
  const steps = planFlash(modules, { platform, factory, isInDfu: device.mode === 'dfu' });
  await runFlash(steps, device, port, context);
  context.out.result(
    { id: device.id, flashed: steps.map(({ name, data }) => ({ name, bytes: data.length })) },
    `Flashed device ${device.id}: it restarts`,
  );
}

/** A first word that is no file is a device, unless it is alone: then it is a known application. */
async function sortWords(
  words: readonly string[],
  { cwd }: Pick<Context, 'cwd'>,
): Promise<{ readonly device: string | undefined; readonly files: readonly string[] }> {
  const [first, ...others] = words;
  if (first === undefined) throw usageError('What is to be flashed? Name a .bin file, a .zip bundle or an application');
  if (others.length === 0 || (await isThere(cwd, first))) return { device: undefined, files: words };
  return { device: first, files: others };
}
