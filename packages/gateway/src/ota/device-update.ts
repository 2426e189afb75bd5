import { seconds } from '@cloudchamber/kernel';
import { HelloFlag, ModuleFunction, type OtaChunkAckFields } from '@cloudchamber/wire';
import type { DeviceSession } from '../device-session.ts';
import { GatewayError } from '../gateway-error.ts';
import type { FirmwareUpdate, HelloFacts, OtaProgress, OtaResult } from '../ports.ts';
import { chooseTransfer } from './choose-transfer.ts';
import { type Transfer, TransferError } from './transfer.ts';

export interface DeviceUpdateOptions {
  readonly update: FirmwareUpdate;
  /** How long the device may be away, in ms. */
  readonly patienceMs: number;
  readonly progress: (progress: OtaProgress) => void;
  /** Called once, at the end; without a result when the device never took the first image, which the caller of `begin` is told. */
  readonly ended: (result: OtaResult | undefined) => void;
}

/** Tries for one image in which the device got no further than in those before. */
const MOST_TRIES = 12;
/** Between a failed try and the next, and between a connection and the first: the device has its own messages to send. */
const PAUSE_MS = seconds(2);
/** A device that took a module restarts; if it doesn't, the next module follows after this. */
const RESTART_MS = seconds(90);
const PROGRESS_EVERY_MS = seconds(1);

/**
 * One update of one device, over as many connections as it takes: image after image, and on after an interruption (protocol section 9). It waits for its device by
 * looking at every tick of the gateway whether it is there.
 */
export class DeviceUpdate {
  readonly #options: DeviceUpdateOptions;
  readonly #total: number;
  #image = 0;
  #bytes = 0;
  #bestBytes = 0;
  #tries = 0;
  #notBefore = 0;
  #waitingUntil: number;
  /** After a module: the Hello that the restart replaces. */
  #restartOf: { readonly hello: HelloFacts | undefined; readonly until: number } | undefined;
  /** The Hello under which the device was asked to check an image and apply it. */
  #finishedUnder: HelloFacts | undefined;
  #running:
    | { readonly session: DeviceSession; readonly transfer: Transfer; readonly interrupt: () => void }
    | undefined;
  #lastProgressAt = Number.NEGATIVE_INFINITY;
  #begun: PromiseWithResolvers<void> | undefined;
  #over = false;

  constructor(options: DeviceUpdateOptions, now: number) {
    this.#options = options;
    this.#total = options.update.images.reduce((sum, { data }) => sum + data.length, 0);
    this.#waitingUntil = now + options.patienceMs;
  }

  /** Where it stands. */
  get progress(): OtaProgress {
    const { id, images } = this.#options.update;
    const before = images.slice(0, this.#image).reduce((sum, { data }) => sum + data.length, 0);
    const base = { updateId: id, image: this.#image, images: images.length };
    return { ...base, bytes: before + this.#bytes, totalBytes: this.#total };
  }

  /** Begins on that session now. Resolves when the device takes the first image; rejects with GatewayError, and is over then, when it doesn't. */
  begin(session: DeviceSession, now: number): Promise<void> {
    this.#begun = Promise.withResolvers();
    this.#try(session, now);
    return this.#begun.promise;
  }

  /** Goes on with what is due. @param session the device's, if it has one */
  tick(session: DeviceSession | undefined, now: number): void {
    const running = this.#running;
    if (running !== undefined) {
      if (isUsable(running.session)) running.transfer.tick(now);
      else running.interrupt();
      return;
    }
    if (session === undefined || !isUsable(session)) {
      this.#notBefore = now + PAUSE_MS;
      if (now >= this.#waitingUntil) this.#end({ outcome: 'failed', reason: 'device_gone' });
      return;
    }
    if (now < this.#notBefore || this.#isRestarting(session, now)) return;
    this.#waitingUntil = now + this.#options.patienceMs;
    if (this.#hasApplied(session)) this.#imageDone(session, now);
    else this.#try(session, now);
  }

  acknowledge(session: DeviceSession, ack: OtaChunkAckFields, now: number): void {
    if (this.#running?.session === session) this.#running.transfer.acknowledge?.(ack, now);
  }

  missing(session: DeviceSession, indices: readonly number[]): void {
    if (this.#running?.session === session) this.#running.transfer.missing?.(indices);
  }

  /** Ends it from this side. @returns whether the device was in the midst of it */
  cancel(): boolean {
    const wasRunning = this.#running !== undefined;
    this.#end({ outcome: 'failed', reason: 'cancelled' });
    return wasRunning;
  }

  /** Ends it without a word, when the process ends. */
  abandon(): void {
    this.#over = true;
    this.#running?.interrupt();
    this.#refuse(new GatewayError('device.not_connected', 'the gateway stops'));
  }

  #try(session: DeviceSession, now: number): void {
    const image = this.#options.update.images[this.#image];
    const { hello } = session;
    if (image === undefined || hello === undefined) return;
    this.#tries += 1;
    this.#finishedUnder = undefined;
    const interruption = Promise.withResolvers<never>();
    interruption.promise.catch(() => {});
    const transfer = chooseTransfer(hello, {
      session,
      image,
      begun: () => this.#accepted(),
      progress: (bytes) => this.#moved(bytes, session.environment.clock.monotonic()),
      finishing: () => {
        this.#finishedUnder = hello;
      },
      interrupted: interruption.promise,
    });
    const interrupt = (): void => interruption.reject(new TransferError('interrupted', 'the connection is gone'));
    this.#running = { session, transfer, interrupt };
    this.#bytes = 0;
    this.#waitingUntil = now + this.#options.patienceMs;
    const clock = session.environment.clock;
    transfer.run().then(
      () => this.#imageDone(session, clock.monotonic()),
      (error: unknown) => this.#failed(error, clock.monotonic()),
    );
  }

  #accepted(): void {
    this.#begun?.resolve();
    this.#begun = undefined;
  }

  #moved(bytes: number, now: number): void {
    this.#bytes = bytes;
    if (bytes > this.#bestBytes) {
      this.#bestBytes = bytes;
      this.#tries = 1;
    }
    if (now - this.#lastProgressAt < PROGRESS_EVERY_MS) return;
    this.#lastProgressAt = now;
    this.#options.progress(this.progress);
  }

  #imageDone(session: DeviceSession, now: number): void {
    if (this.#over) return;
    const kind = this.#options.update.images[this.#image]?.moduleFunction;
    this.#running = undefined;
    this.#finishedUnder = undefined;
    this.#image += 1;
    this.#bytes = 0;
    this.#bestBytes = 0;
    this.#tries = 0;
    this.#options.progress(this.progress);
    if (this.#image === this.#options.update.images.length) return this.#end({ outcome: 'succeeded' });
    // An asset is stored; any other module makes the device restart.
    if (kind !== ModuleFunction.ASSET) this.#restartOf = { hello: session.hello, until: now + RESTART_MS };
    this.#notBefore = now + PAUSE_MS;
  }

  #failed(error: unknown, now: number): void {
    this.#running = undefined;
    if (this.#over) return;
    const failure = error instanceof TransferError ? error : undefined;
    const message = error instanceof Error ? error.message : String(error);
    if (this.#begun !== undefined) {
      const code = failure?.kind === 'interrupted' ? 'device.timed_out' : 'device.rejected';
      return this.#end({ outcome: 'failed', reason: 'refused', message }, new GatewayError(code, message));
    }
    if (failure?.kind !== 'interrupted') return this.#end({ outcome: 'failed', reason: 'refused', message });
    if (this.#tries >= MOST_TRIES) return this.#end({ outcome: 'failed', reason: 'no_progress', message });
    this.#notBefore = now + PAUSE_MS;
    this.#waitingUntil = now + this.#options.patienceMs;
  }

  #isRestarting(session: DeviceSession, now: number): boolean {
    const restart = this.#restartOf;
    if (restart === undefined) return false;
    if (session.hello === restart.hello && now < restart.until) return true;
    this.#restartOf = undefined;
    this.#notBefore = now + PAUSE_MS;
    return true;
  }

  /** The answer to the last message of a transfer may be lost while the device restarts with the image: its next Hello says that it did (protocol section 5.1). */
  #hasApplied(session: DeviceSession): boolean {
    const before = this.#finishedUnder;
    if (before === undefined || session.hello === undefined || session.hello === before) return false;
    return (before.flags & HelloFlag.OTA_SUCCESSFUL) === 0 && (session.hello.flags & HelloFlag.OTA_SUCCESSFUL) !== 0;
  }

  #end(result: OtaResult, refusal = new GatewayError('device.rejected', 'the update was cancelled')): void {
    if (this.#over) return;
    this.#over = true;
    this.#running?.interrupt();
    this.#running = undefined;
    this.#options.ended(this.#begun === undefined ? result : undefined);
    this.#refuse(refusal);
  }

  #refuse(error: GatewayError): void {
    this.#begun?.reject(error);
    this.#begun = undefined;
  }
}

function isUsable(session: DeviceSession): boolean {
  return session.state === 'live' && session.online;
}
