import { describe, expect, it } from 'vitest';
import { fakeCloud } from '../../../test/fake-cloud.ts';
import { CliError } from '../../failure/cli-error.ts';
import { fakeOutput } from '../../output/fake-output.ts';
import { changeMode, type ModeChange } from './change-mode.ts';
import { fakeUsb } from './fake-usb.ts';
import type { UsbDeviceInfo, UsbMode } from './usb-port.ts';

const BORON = 'e00fce68a1b2c3d4e5f60718';
const OTHER = 'e00fce68a1b2c3d4e5f60719';
const info = (mode: UsbMode, id = BORON): UsbDeviceInfo => ({ id, platformId: 13, mode, version: '5.5.0' });

async function change(what: ModeChange, devices: readonly UsbDeviceInfo[], failing?: (what: string) => void) {
  const { port, done } = fakeUsb(devices, failing);
  const said: string[] = [];
  const context = {
    out: fakeOutput(said),
    ask: nobody,
    cloud: fakeCloud({}),
    clock: { monotonic: () => 0 },
    interrupted: new AbortController().signal,
  };
  const error = await changeMode(what, { words: [], all: true }, port, context as never).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { done, said, error };
}
const nobody = { possible: false };

describe('changeMode', () => {
  it.each<[ModeChange, UsbMode, string[]]>([
    ['start-listening', 'normal', ['listen']],
    ['start-listening', 'listening', []],
    ['stop-listening', 'listening', ['stop listening']],
    ['safe-mode', 'normal', ['safe mode']],
    ['dfu', 'normal', ['dfu']],
    ['dfu', 'dfu', []],
    ['reset', 'dfu', ['reset']],
    ['reset', 'unknown', ['reset']],
  ])('%s from %s does %j', async (what, mode, expected) => {
    const { done, error } = await change(what, [info(mode)]);
    expect([error, done]).toEqual([undefined, expected]);
  });

  it.each<[ModeChange, UsbMode, string]>([
    ['start-listening', 'dfu', `Run "chamber usb reset ${BORON}" first.`],
    ['stop-listening', 'normal', `Run "chamber usb start-listening ${BORON}" first.`],
    ['safe-mode', 'dfu', `Run "chamber usb reset ${BORON}" first.`],
    ['dfu', 'listening', `Run "chamber usb stop-listening ${BORON}" first.`],
  ])('%s from %s is refused, with the way out', async (what, mode, next) => {
    const { done, error } = await change(what, [info(mode)]);
    expect(error).toMatchObject({ kind: 'failure', next });
    expect(done).toEqual([]);
  });

  it('goes on with the others when one fails, and fails in the end', async () => {
    const { said, done, error } = await change('start-listening', [info('dfu'), info('normal', OTHER)]);
    expect(error).toMatchObject({ kind: 'failure', message: expect.stringContaining(BORON) });
    expect(done).toEqual(['listen']);
    expect(said).toEqual([`note: Device ${OTHER} is in listening mode`]);
  });

  it('stops at Ctrl-C', async () => {
    const stop = (): void => {
      throw new CliError('interrupted', 'Interrupted');
    };
    const { done, error } = await change('reset', [info('normal'), info('normal', OTHER)], stop);
    expect(error).toMatchObject({ kind: 'interrupted' });
    expect(done).toEqual([]);
  });
});
