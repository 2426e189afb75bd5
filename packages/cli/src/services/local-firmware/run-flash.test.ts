import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CliError } from '../../failure/cli-error.ts';
import { fakeOutput } from '../../output/fake-output.ts';
import { fakeUsb } from '../usb/fake-usb.ts';
import type { UsbMode } from '../usb/usb-port.ts';
import type { FlashStep } from './flash-plan.ts';
import { runFlash } from './run-flash.ts';

const ID = 'e00fce68a1b2c3d4e5f60718';
const write = (bytes: number): FlashStep => ({
  name: 'a part',
  data: Buffer.alloc(bytes),
  place: { alt: 0, address: 0x4_0000 },
});
const install = (bytes: number): FlashStep => ({ name: 'a part', data: Buffer.alloc(bytes), place: undefined });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function run(mode: UsbMode, steps: readonly FlashStep[], failing?: (what: string) => void) {
  const info = { id: ID, platformId: 13, mode, version: '5.5.0' };
  const { port, done } = fakeUsb([info], failing);
  const said: string[] = [];
  const context = {
    out: fakeOutput(said),
    clock: { monotonic: () => Date.now() },
    interrupted: new AbortController().signal,
  };
  const running = runFlash(steps, info, port, context as never).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await vi.runAllTimersAsync();
  return { error: await running, done, said };
}
const failAt = (wanted: string, kind: CliError['kind']) => (what: string) => {
  if (what === wanted) throw new CliError(kind, 'for a test');
};

describe('runFlash', () => {
  it('installs, changes to DFU mode once, writes, and starts the device for its assets', async () => {
    const { done, error } = await run('normal', [install(1), write(2), write(3), install(4)]);
    expect(error).toBeUndefined();
    expect(done).toEqual([
      'listen',
      'install 1',
      'dfu',
      'write 0:40000 2',
      'write 0:40000 3',
      'reset',
      'listen',
      'install 4',
    ]);
  });

  it('brings a device out of DFU mode for what Device OS installs', async () => {
    expect((await run('dfu', [install(1)])).done).toEqual(['reset', 'listen', 'install 1']);
    expect((await run('dfu', [write(1)])).done).toEqual(['write 0:40000 1', 'reset']);
  });

  it.each<[string, CliError['kind']]>([
    ['write 0:40000 1', 'interrupted'],
    ['write 0:40000 1', 'failure'],
    ['dfu', 'interrupted'],
  ])('says that the device stays in DFU mode after "%s" ended with %s', async (at, kind) => {
    const { error, said, done } = await run('normal', [write(1)], failAt(at, kind));
    expect(error).toMatchObject({ kind });
    expect(said).toEqual([`warn: The device ${ID} is in DFU mode, and not all was written: run the command again.`]);
    expect(done).not.toContain('reset');
  });

  it('does not say so of a device that is gone, or never got there', async () => {
    expect((await run('normal', [write(1)], failAt('write 0:40000 1', 'offline'))).said).toEqual([]);
    expect((await run('normal', [write(1)], failAt('dfu', 'failure'))).said).toEqual([]);
  });
});
