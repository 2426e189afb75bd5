import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Typing } from '../terminal.ts';
import { type DeviceState, memoriesOf, readMemory, readState, writeMemory, writeState } from './device-state.ts';

/** A desk with scripted devices on USB: the real program with the real library, whose native part is replaced. */
export interface Bench {
  /** What a command is typed with to see these devices. */
  readonly typing: Typing & { readonly env: Readonly<Record<string, string>> };
  plugIn(device: Partial<DeviceState> & Pick<DeviceState, 'id'>): void;
  state(id: string): DeviceState;
  /** Memory of a device, afterwards. */
  memory(id: string, alt: number, address: number, size: number): Buffer;
  fill(id: string, alt: number, address: number, data: Uint8Array): void;
}

const PRELOAD = new URL('./preload.ts', import.meta.url).href;
const BORON = 13;

export async function openBench(folder: string): Promise<Bench> {
  await mkdir(folder, { recursive: true });
  const pathOf = (id: string): string => join(folder, id);
  const memoryOf = (id: string, alt: number) => {
    const memory = memoriesOf(readState(pathOf(id)).platformId).find((one) => one.alt === alt);
    if (memory === undefined) throw new Error(`no memory ${alt}`);
    return memory;
  };
  return {
    typing: { env: { NODE_OPTIONS: `--import=${PRELOAD}`, SCRIPTED_USB: folder } },
    plugIn: (device) =>
      writeState(pathOf(device.id), { platformId: BORON, version: '3.3.1', mode: 'normal', ...device }),
    state: (id) => readState(pathOf(id)),
    memory: (id, alt, address, size) => readMemory(pathOf(id), memoryOf(id, alt), address, size),
    fill: (id, alt, address, data) => writeMemory(pathOf(id), memoryOf(id, alt), address, data),
  };
}
