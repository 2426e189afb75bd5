export type { ModuleToBuild } from './build-module.ts';
export { buildAssetModule, buildModule } from './build-module.ts';
export { combineModules, splitModules } from './combined-modules.ts';
export type { Inflate } from './compressed-module.ts';
export { compressModule, expandModule } from './compressed-module.ts';
export { crc32 } from './crc32.ts';
export type { AssetReference, DynamicLocation, ModuleExtension, ProductNumbers } from './module-extension.ts';
export {
  assetDependency,
  dependencyExtension,
  ExtensionType,
  hashExtension,
  locationExtension,
  readHashExtension,
} from './module-extension.ts';
export type { ModulePrefix } from './module-prefix.ts';
export { ModuleFlag } from './module-prefix.ts';
export type { ModuleSuffix, SuffixForm } from './module-suffix.ts';
export type { FoundModule, ModuleImage } from './read-module.ts';
export { findModule, readModule } from './read-module.ts';
export type { ZipEntry, ZipLimits } from './read-zip.ts';
export { readZip } from './read-zip.ts';
