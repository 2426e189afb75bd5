import {
  type DeviceState,
  eraseSector,
  type Memory,
  memoriesOf,
  readMemory,
  segmentAt,
  writeMemory,
} from './device-state.ts';

const Request = { DNLOAD: 1, UPLOAD: 2, GETSTATUS: 3, CLRSTATUS: 4, GETSTATE: 5, ABORT: 6 } as const;
const State = {
  IDLE: 2,
  DNLOAD_SYNC: 3,
  DNBUSY: 4,
  DNLOAD_IDLE: 5,
  MANIFEST_SYNC: 6,
  MANIFEST: 7,
  UPLOAD_IDLE: 9,
  ERROR: 10,
} as const;
const Status = { OK: 0, ADDRESS: 8, STALLED: 0x0f } as const;
const Command = { SET_ADDRESS: 0x21, ERASE: 0x41, SAFE_MODE: 0xfa } as const;
export const TRANSFER_SIZE = 1024;

/** A request that the device does not answer in its state. */
export class Stall extends Error {}

interface Effects {
  /** The device leaves DFU mode. */
  leave(safe: boolean): void;
  /** A block is in the memory. @returns whether the device is still there */
  blockWritten(): boolean;
}

/** The DFU interface of a device: DFU 1.1 with ST's extensions (AN3156). */
export class DfuMachine {
  #state: number = State.IDLE;
  #status: number = Status.OK;
  #address = 0;
  #pending: { readonly block: number; readonly data: Buffer } | undefined;
  #memory: Memory;
  readonly #path: string;
  readonly #device: DeviceState;
  readonly #effects: Effects;

  constructor(path: string, device: DeviceState, effects: Effects) {
    this.#path = path;
    this.#device = device;
    this.#effects = effects;
    this.#memory = this.memories[0]!;
  }

  get memories(): readonly Memory[] {
    return memoriesOf(this.#device.platformId);
  }

  setAlt(alt: number): void {
    const memory = this.memories.find((one) => one.alt === alt);
    if (memory === undefined) throw new Stall('no such setting');
    this.#memory = memory;
  }

  out(request: number, block: number, data: Buffer): void {
    if (request === Request.CLRSTATUS) {
      if (this.#state !== State.ERROR) this.#fail(Status.STALLED);
      this.#state = State.IDLE;
      this.#status = Status.OK;
    } else if (request === Request.ABORT) {
      this.#need(State.IDLE, State.DNLOAD_IDLE, State.UPLOAD_IDLE);
      this.#state = State.IDLE;
    } else if (request === Request.DNLOAD) {
      this.#need(State.IDLE, State.DNLOAD_IDLE);
      this.#pending = { block, data };
      this.#state = data.length === 0 ? State.MANIFEST_SYNC : State.DNLOAD_SYNC;
    } else this.#fail(Status.STALLED);
  }

  in(request: number, block: number, length: number): Buffer {
    if (request === Request.GETSTATUS) return this.#getStatus();
    if (request === Request.GETSTATE) return Buffer.from([this.#state]);
    if (request !== Request.UPLOAD) this.#fail(Status.STALLED);
    this.#need(State.IDLE, State.UPLOAD_IDLE);
    if (block === 0) return Buffer.from([0, Command.SET_ADDRESS, Command.ERASE, Command.SAFE_MODE]);
    this.#state = State.UPLOAD_IDLE;
    const address = this.#address + (block - 2) * TRANSFER_SIZE;
    if (segmentAt(this.#memory, address) === undefined) this.#fail(Status.ADDRESS);
    return readMemory(this.#path, this.#memory, address, length);
  }

  #getStatus(): Buffer {
    let wait = 0;
    if (this.#state === State.DNLOAD_SYNC) {
      if (this.#pending === undefined) this.#state = State.DNLOAD_IDLE;
      else {
        this.#state = State.DNBUSY;
        wait = this.#device.blockMs ?? 0;
      }
    } else if (this.#state === State.DNBUSY) this.#run();
    else if (this.#state === State.MANIFEST_SYNC) {
      this.#state = State.MANIFEST;
      this.#effects.leave(false);
    }
    return Buffer.from([this.#status, wait & 0xff, wait >> 8, 0, this.#state, 0]);
  }

  #run(): void {
    const { block, data } = this.#pending ?? { block: 0, data: Buffer.alloc(0) };
    this.#pending = undefined;
    this.#state = State.DNLOAD_IDLE;
    if (block === 0) this.#command(data);
    else {
      const address = this.#address + (block - 2) * TRANSFER_SIZE;
      if (segmentAt(this.#memory, address)?.access !== 'g') return this.#refuse();
      writeMemory(this.#path, this.#memory, address, data);
      if (!this.#effects.blockWritten()) throw new Error('LIBUSB_TRANSFER_NO_DEVICE');
    }
  }

  #command(data: Buffer): void {
    if (data[0] === Command.SAFE_MODE) {
      this.#state = State.MANIFEST;
      this.#effects.leave(true);
      return;
    }
    const address = data.readUInt32LE(1);
    const segment = segmentAt(this.#memory, address);
    if (segment === undefined) return this.#refuse();
    if (data[0] === Command.SET_ADDRESS) this.#address = address;
    else if (data[0] === Command.ERASE && segment.access === 'g') {
      const at = address - ((address - segment.address) % segment.sectorSize);
      eraseSector(this.#path, this.#memory, at, segment.sectorSize);
    } else this.#refuse();
  }

  #refuse(): void {
    this.#status = Status.ADDRESS;
    this.#state = State.ERROR;
  }

  #need(...states: readonly number[]): void {
    if (!states.includes(this.#state)) this.#fail(Status.STALLED);
  }

  #fail(status: number): never {
    this.#status = status;
    this.#state = State.ERROR;
    throw new Stall();
  }
}
