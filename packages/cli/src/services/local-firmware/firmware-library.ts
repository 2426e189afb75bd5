import type { Output } from '@cloudchamber/contract/client';
import { CliError, usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { usbPlatform } from '../usb/usb-platform.ts';
import type { NamedModule } from './flash-plan.ts';
import { modulesIn } from './read-modules.ts';

type Listed = Output<'listFirmwareModules'>['modules'][number];
type Part = Pick<Context, 'cloud'>;

const UPLOAD =
  'The operator of the cloud uploads modules with POST /v1/firmware-modules; or flash the files themselves: chamber flash --local <file>...';

/** An application that the operator has uploaded under a name, such as `tinker` (CLI-16). @throws CliError */
export async function knownApplication(name: string, platformId: number, context: Part): Promise<NamedModule[]> {
  const modules = await listed(platformId, context);
  const found = modules.find((one) => one.name === name);
  if (found !== undefined) return download(name, found, context);
  const names = modules.flatMap((one) => one.name ?? []);
  throw new CliError('not-found', `There is no file and no application "${name}" for a ${nameOf(platformId)}`, {
    next: names.length === 0 ? UPLOAD : `The cloud has: ${names.join(', ')}.`,
  });
}

/**
 * Device OS of a version for a platform, with all that it needs itself, of each the lowest version that will do.
 * @param target such as `5.5.0`; the newest without
 * @throws CliError of kind `not-found` when the operator has uploaded none, or not all of it
 */
export async function deviceOsModules(
  target: string | undefined,
  platformId: number,
  context: Part,
): Promise<{ readonly version: number; readonly modules: readonly NamedModule[] }> {
  const all = (await listed(platformId, context)).filter((one) => one.function !== 'application');
  const parts = all.filter((one) => one.function === 'system_part');
  const version = target === undefined ? Math.max(0, ...parts.map((one) => one.version)) : moduleVersion(target);
  const wanted = parts.filter((one) => one.version === version);
  if (wanted.length === 0) {
    const which = target === undefined ? 'Device OS' : `Device OS ${target}`;
    const versions = [...new Set(parts.map((one) => one.version))].join(', ');
    throw new CliError('not-found', `The cloud has no ${which} for a ${nameOf(platformId)}`, {
      next: versions === '' ? UPLOAD : `It has the module versions ${versions}: --target takes one of them too.`,
    });
  }
  for (const one of wanted) {
    for (const needed of one.dependencies) addNeeded(needed, all, wanted, platformId);
  }
  const modules: NamedModule[] = [];
  for (const one of wanted)
    modules.push(...(await download(`${one.function}-${one.index}@${one.version}`, one, context)));
  return { version, modules };
}

/** Appends to `wanted`, which is being gone through. */
function addNeeded(
  needed: Listed['dependencies'][number],
  all: readonly Listed[],
  wanted: Listed[],
  platformId: number,
): void {
  const fits = (one: Listed): boolean =>
    one.function === needed.function && one.index === needed.index && one.version >= needed.version;
  if (needed.function === 'other' || wanted.some(fits)) return;
  const [lowest] = all.filter(fits).sort((one, other) => one.version - other.version);
  if (lowest === undefined) {
    const words = `${needed.function} ${needed.index} version ${needed.version}`;
    throw new CliError('not-found', `The cloud lacks ${words} for a ${nameOf(platformId)}, which Device OS needs`, {
      next: UPLOAD,
    });
  }
  wanted.push(lowest);
}

/** 6200 for 6.2.0, and for 6200 itself. @throws CliError of kind `usage` for versions before 3.0, which are numbered without a rule */
function moduleVersion(target: string): number {
  if (/^\d{3,5}$/.test(target)) return Number(target);
  const [, major, minor, patch] = /^(\d{1,2})\.(\d)\.(\d{1,2})$/.exec(target) ?? [];
  if (Number(major) >= 3) return Number(major) * 1000 + Number(minor) * 100 + Number(patch);
  throw usageError(
    `--target is a version of Device OS such as 6.2.0, from 3.0.0 on, not "${target}"`,
    'For older ones flash their files: chamber flash --local <file>...',
  );
}

async function listed(platformId: number, { cloud }: Part): Promise<readonly Listed[]> {
  try {
    return (await cloud.call('listFirmwareModules', { query: { platform_id: platformId } })).modules;
  } catch (error) {
    if (!(error instanceof Error && 'status' in error && error.status === 403)) throw error;
    throw new CliError('forbidden', 'The cloud shows its library of firmware to its operator alone', {
      next: 'Flash the files themselves: chamber flash --local <file>...',
      cause: error,
    });
  }
}

async function download(name: string, { id }: Listed, { cloud }: Part): Promise<NamedModule[]> {
  return modulesIn(`${name}.bin`, await cloud.download(`/v1/firmware-modules/${id}/binary`)).map(({ module }) => ({
    name,
    module,
  }));
}

function nameOf(platformId: number): string {
  return usbPlatform(platformId).name;
}
