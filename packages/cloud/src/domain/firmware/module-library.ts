import {
  type ModuleDependency,
  ModuleFunction,
  type ModuleImage,
  ModuleStore,
  ModuleValidity,
  type SystemDescribe,
} from '@cloudchamber/wire';
import type { LibraryModule } from './module-store.ts';

/** What a device lacks to run something. */
export interface LackingModules {
  /** From the library, each after those that it depends on. */
  readonly modules: readonly LibraryModule[];
  /** What the library lacks too: at least these versions. */
  readonly missing: readonly ModuleDependency[];
}

/**
 * Which modules of Device OS a device needs before it can run an application, and before those themselves run: of each the lowest version of the library that
 * satisfies all that need it. What the device has in that version or a newer one is left alone, so nothing is ever sent that is older than what it has. A module on the
 * device that failed its integrity check counts as absent.
 * @param describe null for a device that never described itself; when it, or a Describe without modules, tells nothing, nothing is lacking
 * @param application a `ModuleImage`, or anything else that says what it needs
 * @param library the result of `findModulesFor` for the device's platform
 */
export function lackingModules(
  describe: SystemDescribe | null,
  application: { readonly dependencies: readonly ModuleDependency[] },
  library: readonly LibraryModule[],
): LackingModules {
  if (describe === null || describe.modules.length === 0) return { modules: [], missing: [] };
  const present = presentVersions(describe);
  const lacks = (needed: ModuleDependency) =>
    needed.function !== ModuleFunction.NONE && (present.get(keyOf(needed)) ?? -1) < needed.version;
  const lowest = lowestVersions(application.dependencies.filter(lacks), lacks, library);
  const modules: LibraryModule[] = [];
  const missing: ModuleDependency[] = [];
  const seen = new Set<string>();
  const collect = (needed: ModuleDependency): void => {
    const key = keyOf(needed);
    if (seen.has(key)) return;
    seen.add(key);
    const version = lowest.get(key) ?? needed.version;
    const module = lowestFrom(library, { ...needed, version });
    if (module === undefined) {
      missing.push({ function: needed.function, index: needed.index, version });
      return;
    }
    for (const dependency of module.dependencies) if (lacks(dependency)) collect(dependency);
    modules.push(module);
  };
  for (const dependency of application.dependencies) if (lacks(dependency)) collect(dependency);
  return { modules, missing };
}

/**
 * What the modules on a device need: of a device in safe mode something of that is missing (protocol section 8.3, OTA-25). For `lackingModules` in place of an application.
 */
export function needsOfDevice({ modules }: SystemDescribe): { readonly dependencies: readonly ModuleDependency[] } {
  const running = modules.filter(({ store }) => store === ModuleStore.MAIN);
  return { dependencies: running.flatMap(({ dependencies }) => dependencies) };
}

/** What modules that are sent together need beside each other. For `lackingModules` in place of an application. */
export function needsBesides(modules: readonly Pick<ModuleImage, 'prefix' | 'dependencies'>[]): {
  readonly dependencies: readonly ModuleDependency[];
} {
  const brings = (needed: ModuleDependency): boolean =>
    modules.some(
      ({ prefix }) =>
        prefix.function === needed.function && prefix.index === needed.index && prefix.version >= needed.version,
    );
  return { dependencies: modules.flatMap(({ dependencies }) => dependencies).filter((needed) => !brings(needed)) };
}

/** The system part of a device's Describe as it is stored; null when there is none yet. */
export function storedDescribe({ systemDescribe }: { readonly systemDescribe: string | null }): SystemDescribe | null {
  // Written by `recordDescription` only.
  return systemDescribe === null ? null : (JSON.parse(systemDescribe) as SystemDescribe);
}

/** By place, the version that satisfies all that need it. It only ever rises, so that this ends. */
function lowestVersions(
  dependencies: readonly ModuleDependency[],
  lacks: (dependency: ModuleDependency) => boolean,
  library: readonly LibraryModule[],
): Map<string, number> {
  const lowest = new Map<string, number>();
  const open = [...dependencies];
  for (let needed = open.pop(); needed !== undefined; needed = open.pop()) {
    const key = keyOf(needed);
    if ((lowest.get(key) ?? -1) >= needed.version) continue;
    lowest.set(key, needed.version);
    open.push(...(lowestFrom(library, needed)?.dependencies.filter(lacks) ?? []));
  }
  return lowest;
}

function lowestFrom(library: readonly LibraryModule[], needed: ModuleDependency): LibraryModule | undefined {
  return library
    .filter((module) => keyOf(module) === keyOf(needed) && module.version >= needed.version)
    .reduce<LibraryModule | undefined>(
      (lowest, module) => (lowest === undefined || module.version < lowest.version ? module : lowest),
      undefined,
    );
}

function presentVersions({ modules }: SystemDescribe): Map<string, number> {
  const present = new Map<string, number>();
  for (const module of modules) {
    const isBroken = (module.checkedFlags & ~module.passedFlags & ModuleValidity.INTEGRITY) !== 0;
    if (module.store !== ModuleStore.MAIN || isBroken) continue;
    present.set(keyOf(module), Math.max(module.version, present.get(keyOf(module)) ?? -1));
  }
  return present;
}

function keyOf({ function: kind, index }: Omit<ModuleDependency, 'version'>): string {
  return `${kind} ${index}`;
}
