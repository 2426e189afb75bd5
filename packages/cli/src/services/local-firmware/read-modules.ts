import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import {
  buildAssetModule,
  expandModule,
  ModuleFlag,
  type ModuleImage,
  readModule,
  readZip,
  splitModules,
  WireError,
} from '@cloudchamber/wire';
import { CliError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { NamedModule } from './flash-plan.ts';

const LIMITS = { entries: 64, totalBytes: 64 * 1024 * 1024 };
const LARGEST_FILE = 64 * 1024 * 1024;
const ASSETS = 'assets/';
const inflate = (data: Uint8Array, limit: number): Uint8Array =>
  inflateRawSync(data, { maxOutputLength: Math.max(1, limit) });

/** Whether there is a file or a folder of that name. */
export async function isThere(cwd: string, name: string): Promise<boolean> {
  return stat(resolve(cwd, name)).then(
    () => true,
    () => false,
  );
}

/** The modules in a file: a .bin with one or several, or a .zip bundle with an application, parts of Device OS and assets. @throws CliError for what is none */
export async function modulesInFile(cwd: string, name: string): Promise<NamedModule[]> {
  const path = resolve(cwd, name);
  const found = await stat(path);
  if (found.isDirectory()) {
    throw new CliError('failure', `${name} is a folder: this cloud does not compile source code`, {
      next: 'Compile it elsewhere, and flash the .bin file.',
    });
  }
  if (found.size > LARGEST_FILE) throw new CliError('failure', `${name} is too large for firmware`);
  return modulesIn(basename(name), await readFile(path));
}

/** @throws CliError for what is no firmware, or damaged */
export function modulesIn(name: string, content: Uint8Array): NamedModule[] {
  try {
    if (!/\.zip$/i.test(name)) return named(name, splitModules(content));
    return readZip(content, LIMITS, inflate).flatMap((entry) => {
      if (entry.name.startsWith(ASSETS)) {
        const asset = entry.name.slice(ASSETS.length);
        return named(asset, [readModule(buildAssetModule(asset, entry.content))]);
      }
      return entry.name.endsWith('.bin') ? named(entry.name, splitModules(entry.content)) : [];
    });
  } catch (error) {
    if (error instanceof WireError) throw new CliError('failure', `${name} cannot be flashed: ${error.message}`);
    throw error;
  }
}

function named(name: string, modules: readonly ModuleImage[]): NamedModule[] {
  return modules.map((module, at) => ({
    name: printable(modules.length === 1 ? name : `${name} (${at + 1} of ${modules.length})`),
    module: expanded(module),
  }));
}

function expanded(module: ModuleImage): ModuleImage {
  return (module.prefix.flags & ModuleFlag.COMPRESSED) === 0 ? module : expandModule(module, inflate);
}
