import { closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';

/** What a scripted device is and does; tests write it, and read it afterwards. */
export interface DeviceState {
  readonly id: string;
  readonly platformId: number;
  /** Of Device OS. */
  readonly version: string;
  readonly mode: 'normal' | 'listening' | 'safe' | 'dfu';
  /** ms since the epoch: until then it is not on USB. */
  readonly goneUntil?: number;
  /** The system does not let anybody open it. */
  readonly denied?: boolean;
  /** It is unplugged when this many blocks were written. */
  readonly unplugAfterBlocks?: number;
  /** ms that it is busy with each block. */
  readonly blockMs?: number;
  readonly setupDone?: boolean;
  /** How often it has restarted. */
  readonly restarts?: number;
  /** What it was told in control requests, in order. */
  readonly told?: readonly string[];
  /** Sizes of modules that Device OS was handed. */
  readonly updates?: readonly number[];
}

export function readState(path: string): DeviceState {
  return JSON.parse(readFileSync(`${path}.json`, 'utf8')) as DeviceState;
}

export function writeState(path: string, state: DeviceState): void {
  writeFileSync(`${path}.json`, JSON.stringify(state));
}

export interface Segment {
  readonly address: number;
  readonly sectors: number;
  readonly sectorSize: number;
  /** Letter of DfuSe: `a` readable, `g` readable, erasable and writable. */
  readonly access: 'a' | 'g';
}

/** Memory of a device by alternate setting: erased where nothing was written, and kept in a file from its first address on. */
export interface Memory {
  readonly alt: number;
  readonly name: string;
  readonly segments: readonly Segment[];
  /** Flash has to be erased before it is written. */
  readonly isFlash: boolean;
}

const ERASED = 0xff;

export function memoriesOf(platformId: number): readonly Memory[] {
  const isGen2 = platformId < 12;
  const internal: Memory = isGen2
    ? {
        alt: 0,
        name: 'Internal Flash',
        isFlash: true,
        segments: [
          { address: 0x0800_0000, sectors: 3, sectorSize: 16 * 1024, access: 'a' },
          { address: 0x0800_c000, sectors: 1, sectorSize: 16 * 1024, access: 'g' },
          { address: 0x0801_0000, sectors: 1, sectorSize: 64 * 1024, access: 'g' },
          { address: 0x0802_0000, sectors: 7, sectorSize: 128 * 1024, access: 'g' },
        ],
      }
    : {
        alt: 0,
        name: 'Internal Flash',
        isFlash: true,
        segments: [
          { address: 0, sectors: 48, sectorSize: 4096, access: 'a' },
          { address: 0x3_0000, sectors: 208, sectorSize: 4096, access: 'g' },
        ],
      };
  const configuration: Memory = {
    alt: 1,
    name: 'DCT Flash',
    isFlash: false,
    segments: [{ address: 0, sectors: 1, sectorSize: 16 * 1024, access: 'g' }],
  };
  if (isGen2) return [internal, configuration];
  const external: Memory = {
    alt: 2,
    name: 'External Flash',
    isFlash: true,
    segments: [{ address: 0, sectors: 1024, sectorSize: 4096, access: 'g' }],
  };
  return [internal, configuration, external];
}

function endOf(segment: Segment): number {
  return segment.address + segment.sectors * segment.sectorSize;
}

export function segmentAt({ segments }: Memory, address: number): Segment | undefined {
  return segments.find((one) => address >= one.address && address < endOf(one));
}

function fileOf(path: string, { alt }: Memory): string {
  return `${path}.alt${alt}`;
}

/** Bytes of a memory, as they are in the device. */
export function readMemory(path: string, memory: Memory, address: number, size: number): Buffer {
  const bytes = Buffer.alloc(size, ERASED);
  const file = fileOf(path, memory);
  if (!existsSync(file)) return bytes;
  const at = openSync(file, 'r');
  // Erased bytes are kept inverted, so that holes in the file read as erased.
  const stored = Buffer.alloc(size);
  readSync(at, stored, 0, size, address - (memory.segments[0]?.address ?? 0));
  closeSync(at);
  return Buffer.from(stored.map((byte) => ~byte & 0xff));
}

/** As flash takes it: bits of flash go from 1 to 0 alone. */
export function writeMemory(path: string, memory: Memory, address: number, data: Uint8Array): void {
  const before = readMemory(path, memory, address, data.length);
  put(path, memory, address, Buffer.from(data.map((byte, at) => (memory.isFlash ? byte & (before[at] ?? 0) : byte))));
}

export function eraseSector(path: string, memory: Memory, address: number, size: number): void {
  put(path, memory, address, Buffer.alloc(size, ERASED));
}

function put(path: string, memory: Memory, address: number, data: Buffer): void {
  const file = fileOf(path, memory);
  if (!existsSync(file)) writeFileSync(file, '');
  const at = openSync(file, 'r+');
  writeSync(
    at,
    Buffer.from(data.map((byte) => ~byte & 0xff)),
    0,
    data.length,
    address - (memory.segments[0]?.address ?? 0),
  );
  closeSync(at);
}
