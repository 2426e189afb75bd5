import {
  type FirmwareModule,
  findPlatform,
  type ModuleDependency,
  ModuleFunction,
  ModuleStore,
  ModuleValidity,
  type SystemDescribe,
} from '@cloudchamber/wire';
import { printable } from '../../output/printable.ts';

const FUNCTIONS: ReadonlyMap<number, string> = new Map([
  [ModuleFunction.RESOURCE, 'Resource'],
  [ModuleFunction.BOOTLOADER, 'Bootloader'],
  [ModuleFunction.MONOLITHIC, 'Monolithic'],
  [ModuleFunction.SYSTEM_PART, 'System'],
  [ModuleFunction.USER_PART, 'User'],
  [ModuleFunction.NCP_FIRMWARE, 'Network co-processor'],
  [ModuleFunction.RADIO_STACK, 'Radio stack'],
]);

const STORES: ReadonlyMap<number, string> = new Map([
  [ModuleStore.MAIN, 'main'],
  [ModuleStore.FACTORY, 'factory'],
  [ModuleStore.BACKUP, 'backup'],
  [ModuleStore.SCRATCH, 'scratch'],
]);

const CHECKS = [
  ['Integrity', ModuleValidity.INTEGRITY],
  ['Address Range', ModuleValidity.RANGE],
  ['Platform', ModuleValidity.PLATFORM],
  ['Dependencies', ModuleValidity.DEPENDENCIES],
] as const;

/** CLI-50: the modules of a device, with what each was checked for. */
export function inspectText({ platformId, modules }: SystemDescribe): string[] {
  const platform = platformId === undefined ? 'unknown' : `${platformId} - ${boardName(platformId)}`;
  return [`Platform: ${platform}`, 'Modules', ...modules.flatMap(moduleText)];
}

/** As `inspectText`, for `--json`. */
export function inspectData({ platformId, modules }: SystemDescribe): object {
  return {
    platform_id: platformId ?? null,
    platform: platformId === undefined ? null : boardName(platformId),
    modules: modules.map((module) => ({
      ...identityData(module),
      location: STORES.get(module.store) ?? null,
      max_size: module.maxSize,
      uuid: module.hash?.toUpperCase() ?? null,
      checks: Object.fromEntries(
        CHECKS.map(([name, flag]) => [name.toLowerCase().replace(' ', '_'), outcome(module, flag)]),
      ),
      dependencies: module.dependencies.map(identityData),
    })),
  };
}

function boardName(platformId: number): string {
  return findPlatform(platformId)?.displayName ?? 'unknown';
}

function moduleText(module: FirmwareModule): string[] {
  const place = `${STORES.get(module.store) ?? 'unknown'} location, ${module.maxSize} bytes max size`;
  return [
    `  ${identityText(module)}, ${place}`,
    ...(module.hash === undefined ? [] : [`    UUID: ${printable(module.hash.toUpperCase())}`]),
    ...CHECKS.map(([name, flag]) => `    ${name}: ${outcome(module, flag)}`),
    ...module.dependencies.map((dependency) => `      ${identityText(dependency)}`),
  ];
}

/** What a device has not checked it does not vouch for. */
function outcome({ checkedFlags, passedFlags }: FirmwareModule, flag: number): 'PASS' | 'FAIL' | 'NOT CHECKED' {
  if ((checkedFlags & flag) === 0) return 'NOT CHECKED';
  return (passedFlags & flag) === 0 ? 'FAIL' : 'PASS';
}

function identityText({ function: kind, index, version }: ModuleDependency): string {
  return `${FUNCTIONS.get(kind) ?? 'Unknown'} module #${index} - version ${version}`;
}

function identityData({ function: kind, index, version }: ModuleDependency): object {
  return { function: FUNCTIONS.get(kind)?.toLowerCase() ?? null, index, version };
}
