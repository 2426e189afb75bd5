import { existsSync } from 'node:fs';
import { type DeviceState, type Memory, readState, writeState } from './device-state.ts';
import { DfuMachine, Stall, TRANSFER_SIZE } from './dfu-machine.ts';

const VENDOR = 0x2b04;
const RUNNING = 0xc000;
const DFU = 0xd000;
const SERIAL_NUMBER = 3;
const PRODUCT = 2;
/** String descriptors of the settings of the DFU interface. */
const FIRST_SETTING = 4;
const RESTART_MS = 60;
const Ask = { RESET: 40, DFU: 50, SAFE: 60, LISTEN: 70, UNLISTEN: 71, MODE: 72, SETUP: 73 } as const;
const Update = { START: 250, FINISH: 251, DATA: 253 } as const;
const NOT_SUPPORTED = -120;

type Done<T> = (error: Error | undefined, value?: T) => void;

/** A device as the library `usb` gives it, for as long as it stays attached. */
export class ScriptedDevice {
  timeout = 0;
  readonly deviceDescriptor;
  readonly #path: string;
  readonly #dfu: DfuMachine | undefined;
  #open = false;
  #gone = false;
  #blocks = 0;
  #requests = new Map<number, { readonly type: number; readonly size: number; sent: Buffer; reply?: Buffer }>();
  #lastRequest = 0;
  #update = 0;

  private constructor(path: string, state: DeviceState) {
    this.#path = path;
    const isDfu = state.mode === 'dfu';
    this.deviceDescriptor = {
      idVendor: VENDOR,
      idProduct: (isDfu ? DFU : RUNNING) + state.platformId,
      iSerialNumber: SERIAL_NUMBER,
      iProduct: PRODUCT,
      bcdUSB: 0x0200,
    };
    if (!isDfu) return;
    this.#dfu = new DfuMachine(path, state, {
      leave: (safe) => this.#restart({ mode: safe ? 'safe' : 'normal' }),
      blockWritten: () => {
        this.#blocks += 1;
        if (this.#blocks !== state.unplugAfterBlocks) return true;
        this.#change({ goneUntil: Number.MAX_SAFE_INTEGER });
        this.#gone = true;
        return false;
      },
    });
  }

  /** The device in these files, or undefined while it is not on USB. */
  static attached(path: string): ScriptedDevice | undefined {
    const state = readState(path);
    if ((state.goneUntil ?? 0) > Date.now()) return undefined;
    return new ScriptedDevice(path, state);
  }

  get isGone(): boolean {
    return this.#gone || !existsSync(`${this.#path}.json`);
  }

  open(): void {
    if (this.isGone) throw new Error('LIBUSB_ERROR_NO_DEVICE');
    if (this.#state.denied === true) throw new Error('LIBUSB_ERROR_ACCESS');
    this.#open = true;
  }

  close(): void {
    this.#open = false;
  }

  interface(number: number): unknown {
    if (number !== 0 || this.#dfu === undefined) return undefined;
    return {
      claim: () => {},
      release: (done: Done<void>) => done(undefined),
      setAltSetting: (alt: number, done: Done<void>) => this.#answer(done, () => this.#dfu?.setAlt(alt)),
    };
  }

  getStringDescriptor(index: number, done: Done<string>): void {
    this.#answer(done, () => this.#string(index));
  }

  controlTransfer(
    type: number,
    request: number,
    value: number,
    index: number,
    data: number | Buffer,
    done: Done<Buffer>,
  ): void {
    this.#answer(done, () => {
      const length = typeof data === 'number' ? data : 0;
      const bytes = typeof data === 'number' ? Buffer.alloc(0) : data;
      if (type === 0x80 && request === 6) return this.#descriptor(value >> 8, value & 0xff).subarray(0, length);
      if (type === 0xa1 && this.#dfu !== undefined) return this.#dfu.in(request, value, length);
      if (type === 0x21 && this.#dfu !== undefined) return this.#dfu.out(request, value, bytes) ?? Buffer.alloc(0);
      if (this.#dfu !== undefined) throw new Stall();
      if (type === 0xc0 && request === 0x50 && index === 30) return Buffer.from(`${this.#state.version}\0`);
      if (type === 0x40 && request === 3) return this.#send(index, bytes);
      if (type === 0xc0) return this.#service(request, value, index, length);
      throw new Stall();
    });
  }

  get #state(): DeviceState {
    return readState(this.#path);
  }

  #change(change: Partial<DeviceState>): void {
    writeState(this.#path, { ...this.#state, ...change });
  }

  #restart(change: Partial<DeviceState>): void {
    const restarts = (this.#state.restarts ?? 0) + 1;
    this.#change({ ...change, restarts, goneUntil: Date.now() + RESTART_MS });
    // What is under way is still answered.
    setImmediate(() => {
      this.#gone = true;
    });
  }

  #answer<T>(done: Done<T>, make: () => T): void {
    setImmediate(() => {
      if (this.isGone || !this.#open) return done(new Error('LIBUSB_TRANSFER_NO_DEVICE'));
      try {
        done(undefined, make());
      } catch (error) {
        done(error instanceof Stall ? new Error('LIBUSB_TRANSFER_STALL') : (error as Error));
      }
    });
  }

  #string(index: number): string {
    if (index === SERIAL_NUMBER) return this.#state.id.toUpperCase();
    if (index === PRODUCT) return 'Scripted device';
    const memory = this.#dfu?.memories[index - FIRST_SETTING];
    if (memory === undefined) throw new Stall();
    return nameOf(memory);
  }

  #descriptor(kind: number, index: number): Buffer {
    if (kind === 3) {
      const text = Buffer.from(this.#string(index), 'utf16le');
      return Buffer.concat([Buffer.from([Math.min(255, text.length + 2), 3]), text]);
    }
    if (kind !== 2 || this.#dfu === undefined) throw new Stall();
    const settings = this.#dfu.memories.map(({ alt }, at) => [9, 4, 0, alt, 0, 0xfe, 1, 2, FIRST_SETTING + at]);
    const functional = [9, 0x21, 0x0b, 0xff, 0, TRANSFER_SIZE & 0xff, TRANSFER_SIZE >> 8, 0x1a, 1];
    const body = [...settings.flat(), ...functional];
    return Buffer.from([9, 2, body.length + 9, 0, 1, 1, 0, 0x80, 50, ...body]);
  }

  /** The protocol of control requests: begin, ask, fetch, reset. */
  #service(request: number, value: number, index: number, length: number): Buffer {
    if (request === 1) {
      const id = ++this.#lastRequest;
      this.#requests.set(id, { type: index, size: value, sent: Buffer.alloc(0) });
      return reply({ id });
    }
    if (request === 5) return reply({});
    const asked = this.#requests.get(index);
    if (asked === undefined) throw new Stall();
    if (request === 2) {
      const { result, data } = this.#run(asked.type, asked.sent);
      asked.reply = data;
      return reply({ result, ...(data.length > 0 && { size: data.length }) });
    }
    return (asked.reply ?? Buffer.alloc(0)).subarray(0, length);
  }

  #send(id: number, data: Buffer): Buffer {
    const asked = this.#requests.get(id);
    if (asked === undefined) throw new Stall();
    asked.sent = Buffer.concat([asked.sent, data]);
    return Buffer.alloc(0);
  }

  /** Messages are small enough to be read by hand: field 1, a number. */
  #run(type: number, sent: Buffer): { readonly result: number; readonly data: Buffer } {
    const nothing = Buffer.alloc(0);
    const told = (what: string): void => this.#change({ told: [...(this.#state.told ?? []), what] });
    switch (type) {
      case Ask.RESET:
        told('reset');
        this.#restart({ mode: 'normal' });
        return { result: 0, data: nothing };
      case Ask.DFU:
        told('dfu');
        this.#restart({ mode: 'dfu' });
        return { result: 0, data: nothing };
      case Ask.SAFE:
        told('safe-mode');
        this.#restart({ mode: 'safe' });
        return { result: 0, data: nothing };
      case Ask.LISTEN:
        told('start-listening');
        this.#change({ mode: 'listening' });
        return { result: 0, data: nothing };
      case Ask.UNLISTEN:
        told('stop-listening');
        this.#change({ mode: 'normal' });
        return { result: 0, data: nothing };
      case Ask.MODE:
        return { result: 0, data: this.#state.mode === 'listening' ? Buffer.from([8, 1]) : nothing };
      case Ask.SETUP:
        told('setup-done');
        this.#change({ setupDone: sent[1] === 1 });
        return { result: 0, data: nothing };
      case Update.START:
        this.#update = 0;
        return { result: 0, data: Buffer.from([8, 0x80, 0x08]) };
      case Update.DATA:
        this.#update += sent.length - (sent.length > 130 ? 3 : 2);
        return { result: 0, data: nothing };
      case Update.FINISH:
        this.#change({ updates: [...(this.#state.updates ?? []), this.#update] });
        this.#restart({ mode: 'normal' });
        return { result: 0, data: nothing };
      default:
        return { result: NOT_SUPPORTED, data: nothing };
    }
  }
}

/** As DfuSe describes a memory: `@Internal Flash   /0x08000000/03*016Ka,01*016Kg`. */
function nameOf({ name, segments }: Memory): string {
  const parts = segments.map(({ sectors, sectorSize, access }) => `${sectors}*${sectorSize / 1024}K${access}`);
  const first = segments[0]?.address ?? 0;
  return `@${name}   /0x${first.toString(16).padStart(8, '0')}/${parts.join(',')}`;
}

function reply(fields: { readonly id?: number; readonly size?: number; readonly result?: number }): Buffer {
  const parts: Buffer[] = [Buffer.alloc(6)];
  let flags = 1;
  const add = (flag: number, bytes: Buffer): void => {
    flags |= flag;
    parts.push(bytes);
  };
  if (fields.id !== undefined) add(2, Buffer.from([fields.id & 0xff, fields.id >> 8]));
  if (fields.size !== undefined) {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(fields.size);
    add(4, size);
  }
  if (fields.result !== undefined) {
    const result = Buffer.alloc(4);
    result.writeInt32LE(fields.result);
    add(8, result);
  }
  parts[0]?.writeUInt32LE(flags);
  return Buffer.concat(parts);
}
