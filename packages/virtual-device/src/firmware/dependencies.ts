import type { ModuleDependency } from '@cloudchamber/wire';

/** Whether every module that is needed is there, in that version or a newer one (protocol section 9.4). */
export function areMet(needed: readonly ModuleDependency[], present: readonly ModuleDependency[]): boolean {
  return needed.every((wanted) =>
    present.some(
      ({ function: kind, index, version }) =>
        kind === wanted.function && index === wanted.index && version >= wanted.version,
    ),
  );
}
