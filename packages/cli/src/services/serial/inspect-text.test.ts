import { ModuleFunction, ModuleValidity } from '@cloudchamber/wire';
import { expect, it } from 'vitest';
import { inspectData, inspectText } from './inspect-text.ts';

const loader = { function: ModuleFunction.BOOTLOADER, index: 0, version: 502 };
const checked = ModuleValidity.INTEGRITY | ModuleValidity.RANGE | ModuleValidity.PLATFORM;
const system = {
  platformId: 6,
  modules: [
    {
      ...loader,
      store: 0,
      maxSize: 16_384,
      size: 0,
      checkedFlags: checked,
      passedFlags: checked & ~ModuleValidity.RANGE,
      hash: 'abc\u001b[2J',
      dependencies: [loader],
      assetDependencies: [],
    },
  ],
  assets: [],
  protectedState: false,
};

it('tells what failed, what was not checked, and nothing that could move the cursor', () => {
  expect(inspectText(system)).toEqual([
    'Platform: 6 - Photon',
    'Modules',
    '  Bootloader module #0 - version 502, main location, 16384 bytes max size',
    '    UUID: ABC',
    '    Integrity: PASS',
    '    Address Range: FAIL',
    '    Platform: PASS',
    '    Dependencies: NOT CHECKED',
    '      Bootloader module #0 - version 502',
  ]);
});

it('is the same as data', () => {
  expect(inspectData(system)).toMatchObject({
    platform_id: 6,
    modules: [{ function: 'bootloader', location: 'main', checks: { address_range: 'FAIL' } }],
  });
  expect(inspectText({ ...system, platformId: undefined, modules: [] } as never)[0]).toBe('Platform: unknown');
});
