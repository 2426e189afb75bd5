import { type ModuleDependency, ModuleFunction } from '@cloudchamber/wire';

const WORDS: ReadonlyMap<number, string> = new Map([
  [ModuleFunction.BOOTLOADER, 'bootloader'],
  [ModuleFunction.MONOLITHIC, 'monolithic firmware'],
  [ModuleFunction.SYSTEM_PART, 'system part'],
  [ModuleFunction.USER_PART, 'application'],
  [ModuleFunction.NCP_FIRMWARE, 'network processor firmware'],
  [ModuleFunction.RADIO_STACK, 'radio stack'],
  [ModuleFunction.ASSET, 'asset'],
]);

/** Which module of which version, for people: `system part 1 version 6200`. */
export function moduleWords({ function: kind, index, version }: ModuleDependency): string {
  const word = WORDS.get(kind) ?? `module of function ${kind}`;
  return `${word} ${index} version ${version}`;
}
