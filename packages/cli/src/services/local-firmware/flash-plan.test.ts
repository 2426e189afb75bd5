import { buildAssetModule, buildModule, ModuleFunction, type ModuleToBuild, readModule } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { usbPlatform } from '../usb/usb-platform.ts';
import { type NamedModule, planFlash } from './flash-plan.ts';

const BORON = usbPlatform(13);
const { USER_PART, SYSTEM_PART, BOOTLOADER } = ModuleFunction;

function named(name: string, kind: number, more: Partial<ModuleToBuild> = {}): NamedModule {
  const content = Buffer.alloc(100, name);
  const bytes = buildModule({ function: kind, version: 1, platformId: 13, startAddress: 0x4_0000, content, ...more });
  return { name, module: readModule(bytes) };
}
const needs = (kind: number, version: number, index = 1) => ({
  dependencies: [{ function: kind, index, version }],
});

const application = named('application', USER_PART, needs(SYSTEM_PART, 3000));
const system = named('system', SYSTEM_PART, needs(BOOTLOADER, 1, 0));
const bootloader = named('bootloader', BOOTLOADER, { index: 0 });
const asset: NamedModule = { name: 'asset', module: readModule(buildAssetModule('asset', Buffer.alloc(10))) };
const mixed = [asset, application, system, bootloader];

const plan = (modules: readonly NamedModule[], isInDfu = false, factory = false, platform = BORON) =>
  planFlash(modules, { platform, factory, isInDfu });
const names = (steps: ReturnType<typeof plan>): string[] => steps.map(({ name }) => name);

describe('planFlash', () => {
  it('lets Device OS install first, writes over DFU then, and brings assets last', () => {
    const steps = plan(mixed);
    expect(names(steps)).toEqual(['bootloader', 'system', 'application', 'asset']);
    expect(steps.map(({ place }) => place?.address)).toEqual([undefined, 0x4_0000, 0x4_0000, undefined]);
  });

  it('writes over DFU first when the device is there already', () => {
    expect(names(plan(mixed, true))).toEqual(['system', 'application', 'bootloader', 'asset']);
  });

  it('puts a module behind those that it depends on, and does not hang on a circle', () => {
    const second = named('second', SYSTEM_PART, { index: 2, ...needs(SYSTEM_PART, 1) });
    const first = named('first', SYSTEM_PART);
    expect(names(plan([second, first]))).toEqual(['first', 'second']);
    const back = named('back', SYSTEM_PART, needs(SYSTEM_PART, 1, 2));
    expect(names(plan([second, back]))).toHaveLength(2);
  });

  it('blanks the place of former applications for an application of Device OS 3.1 and later alone', () => {
    const newer = named('newer', USER_PART, needs(SYSTEM_PART, 3103));
    const [blank, written] = plan([newer]);
    expect(blank).toMatchObject({ place: { alt: 0, address: 0xd4000 }, data: { length: 4096 } });
    expect(written?.name).toBe('newer');
    expect(blank?.data.every((byte) => byte === 0xff)).toBe(true);
    expect(plan([application])).toHaveLength(1);
  });

  it('writes an application for factory reset into its slot, and nothing else', () => {
    const [step, ...others] = plan([application], false, true);
    expect([step?.place, others]).toEqual([{ alt: 2, address: 0x20_0000 }, []]);
    expect(() => plan([application, system], false, true)).toThrow('system is no application');
    const p2 = named('p2', USER_PART, { platformId: 32 });
    expect(() => plan([p2], false, true, usbPlatform(32))).toThrow('has no place');
  });

  it('refuses a module of another platform, but takes assets for all', () => {
    const photon = named('photon', USER_PART, { platformId: 6 });
    expect(() => plan([application, photon])).toThrow('photon is for platform 6, and the device is a Boron (13)');
    expect(names(plan([asset]))).toEqual(['asset']);
  });
});
