import { printable } from '../../output/printable.ts';
import type { AssetReport, FirmwareReport, ModuleReport } from './inspect-firmware.ts';

const MODULES: ReadonlyMap<string, string> = new Map([
  ['resource', 'a reserved module'],
  ['bootloader', 'a bootloader'],
  ['monolithic', 'a monolithic firmware'],
  ['system_part', 'a system module'],
  ['application', 'an application module'],
  ['settings', 'a settings module'],
  ['ncp_firmware', 'a network coprocessor (NCP) module'],
  ['radio_stack', 'a radio stack module'],
  ['asset', 'an asset module'],
]);

/** @returns what people are told of a file, as the published tool words it (checklist CLI-75), and what it does not tell behind that */
export function inspectText({ file, kind, modules, assets }: FirmwareReport): string[] {
  const packed = new Set(assets.map(({ name }) => name));
  const lines = modules.flatMap((module, at) => [
    kind === 'combined' ? `${module.name} (${at + 1} of ${modules.length})` : module.name,
    ...moduleText(module),
    ...module.needs_assets.map(({ name, hash }) => {
      const missing = kind === 'bundle' && !packed.has(name) ? ', which is not in the bundle' : '';
      return ` It needs the asset ${name} (${hash})${missing}`;
    }),
  ]);
  return kind === 'bundle' ? [file, ...lines, ...assets.flatMap(assetText)] : lines;
}

function moduleText(module: ModuleReport): string[] {
  const { crc, platform, platform_id: platformId, product_id: productId, expanded_size: expanded } = module;
  const crcText = crc.ok ? `CRC is ok (${crc.actual})` : `CRC failed (should be ${crc.stored} but is ${crc.actual})`;
  return [
    ` ${crcText}`,
    ...(module.sha256_ok === false ? [' SHA-256 failed, or its end is none'] : []),
    // Assets are for no platform.
    ...(module.function === 'asset' ? [] : [` Compiled for ${platform ?? `unknown platform (ID: ${platformId})`}`]),
    ` This is ${wordsOf(module)}`,
    ...module.dependencies.map((one, at) => ` It ${at === 0 ? '' : 'also '}depends on ${wordsOf(one)}`),
    ...(productId === null ? [] : [` It is for product ${productId} at version ${module.product_version}`]),
    ...(expanded === null ? [] : [` It is compressed: ${module.size} bytes become ${expanded}`]),
    ...(module.encrypted ? [' It is encrypted'] : []),
  ];
}

function wordsOf(module: Pick<ModuleReport, 'function' | 'index' | 'version'>): string {
  return `${MODULES.get(module.function) ?? 'an unknown module'} number ${module.index} at version ${module.version}`;
}

function assetText({ name, size, hash, named }: AssetReport): string[] {
  const agrees = named === true ? 'The application names it' : 'The application does not name it';
  return [
    `assets/${printable(name)}`,
    ` ${size} bytes (${hash})`,
    ` ${named === false ? 'The application names another one' : agrees}`,
  ];
}
