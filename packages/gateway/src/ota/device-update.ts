import { seconds } from '@cloudchamber/kernel';
import { HelloFlag, ModuleFunction, type OtaChunkAckFields } from '@cloudchamber/wire';
import type { DeviceSession } from '../device-session.ts';
import { GatewayError } from '../gateway-error.ts';
import type { FirmwareImage, FirmwareUpdate, HelloFacts, OtaProgress, OtaResult } from '../ports.ts';
import { chooseTransfer } from './choose-transfer.ts';
import { type Transfer, TransferError } from './transfer.ts';

export interface DeviceUpdateOptions {
  readonly update: FirmwareUpdate;
  /** An earlier process began it, and how far it came is not known. */
  readonly isTakenOver: boolean;
  /** How long the device may be away, in ms. */
  readonly patienceMs: number;
  readonly progress: (progress: OtaProgress) => void;
  /** Called once, at the end; without a result when the device never took the first image, which the caller of `begin` is told. */
  readonly ended: (result: OtaResult | undefined) => void;
}

interface Run {
  readonly session: DeviceSession;
  readonly hello: HelloFacts;
  readonly transfer: Transfer;
  readonly interrupt: () => void;
}

/** A device that was asked to apply an image. */
interface Applying {
  /** The Hello that its restart replaces. */
  readonly hello: HelloFacts;
  /** When it has to have restarted; undefined when it was interrupted before its answer. */
  readonly until: number | undefined;
}

/** Tries for one image in which the device got no further than in those before. */
const MOST_TRIES = 12;
/** Times that a device takes an image and does not restart with it. A device on v3 may do so later: it has checked the image whole. */
const MOST_VAIN = 3;
/** Between a failed try and the next, and between a connection and the first: the device has its own messages to send. */
const PAUSE_MS = seconds(2);
/** A device that restarts does so at once; one whose answer gets no ACK gives up after 90 s at the latest (protocol section 3.2). */
const RESTART_MS = seconds(120);
const PROGRESS_EVERY_MS = seconds(1);

/**
 * One update of one device, over as many connections as it takes: image after image, and on after an interruption (protocol section 9). It waits for its device by
 * looking at every tick of the gateway whether it is there. An image counts as applied when the device has restarted with it: its next Hello says so (section 5.1).
 */
export class DeviceUpdate {
  readonly #options: DeviceUpdateOptions;
  readonly #total: number;
  #image = 0;
  #bytes = 0;
  #bestBytes = 0;
  #tries = 0;
  #vain = 0;
  #notBefore = 0;
  #waitingUntil: number;
  #run: Run | undefined;
  #applying: Applying | undefined;
  #lastProgressAt = Number.NEGATIVE_INFINITY;
  #begun: PromiseWithResolvers<void> | undefined;
  /** Of an update that was taken over: the Hello that was known then, until this process has sent an image whole. */
  #helloBefore: HelloFacts | undefined;
  #mayHaveApplied: boolean;
  #over = false;

  constructor(options: DeviceUpdateOptions, now: number) {
    this.#options = options;
    this.#total = options.update.images.reduce((sum, { data }) => sum + data.length, 0);
    this.#waitingUntil = now + options.patienceMs;
    this.#mayHaveApplied = options.isTakenOver;
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
    const run = this.#run;
    if (run !== undefined) {
      // A Hello in the midst of it: the device has restarted, with the image or without.
      if (goesOn(run)) run.transfer.tick(now);
      else run.interrupt();
      return;
    }
    if (session === undefined || !isUsable(session)) {
      this.#notBefore = now + PAUSE_MS;
      if (now >= this.#waitingUntil) this.#end({ outcome: 'failed', reason: 'device_gone' });
      return;
    }
    this.#waitingUntil = now + this.#options.patienceMs;
    if (this.#applying !== undefined && runsWith(this.#applying, session)) return this.#applied(now);
    if (now < this.#notBefore) return;
    if (this.#applying === undefined) this.#try(session, now);
    else this.#judge(this.#applying, session, now);
  }

  acknowledge(session: DeviceSession, ack: OtaChunkAckFields, now: number): void {
    if (this.#run?.session === session) this.#run.transfer.acknowledge?.(ack, now);
  }

  missing(session: DeviceSession, indices: readonly number[]): void {
    if (this.#run?.session === session) this.#run.transfer.missing?.(indices);
  }

  /** Ends it from this side. @returns whether the device was in the midst of it */
  cancel(): boolean {
    const wasRunning = this.#run !== undefined;
    this.#end({ outcome: 'failed', reason: 'cancelled' });
    return wasRunning;
  }

  /** Ends it without a word, when the process ends. */
  abandon(): void {
    this.#over = true;
    this.#run?.interrupt();
    this.#refuse(new GatewayError('device.not_connected', 'the gateway stops'));
  }

  #try(session: DeviceSession, now: number): void {
    const image = this.#options.update.images[this.#image];
    const { hello } = session;
    if (image === undefined || hello === undefined) return;
    if (this.#hasApplied(image, hello)) return this.#applied(now);
    this.#tries += 1;
    this.#bytes = 0;
    this.#applying = undefined;
    this.#waitingUntil = now + this.#options.patienceMs;
    const { clock } = session.environment;
    const interruption = Promise.withResolvers<never>();
    interruption.promise.catch(() => {});
    const transfer = chooseTransfer(hello, {
      session,
      image,
      begun: () => this.#accepted(),
      progress: (bytes) => this.#moved(bytes, clock.monotonic()),
      finishing: () => {
        this.#applying = { hello, until: undefined };
        this.#mayHaveApplied = false;
      },
      interrupted: interruption.promise,
    });
    const interrupt = (): void => interruption.reject(new TransferError('interrupted', 'the connection is gone'));
    this.#run = { session, hello, transfer, interrupt };
    transfer.run().then(
      () => this.#transferred(hello, clock.monotonic()),
      (error: unknown) => this.#failed(error, clock.monotonic()),
    );
  }

  /** Has the device restarted with the image that an earlier process sent, while this one still took it for connected? Only once can that be so. */
  #hasApplied({ moduleFunction }: FirmwareImage, hello: HelloFacts): boolean {
    this.#helloBefore ??= hello;
    const isIt =
      this.#mayHaveApplied &&
      moduleFunction !== ModuleFunction.ASSET &&
      hello !== this.#helloBefore &&
      saysUpdated(hello) &&
      !saysUpdated(this.#helloBefore);
    if (isIt) this.#mayHaveApplied = false;
    return isIt;
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

  /** The device has the whole image and finds it good. An asset is stored; anything else makes it restart. */
  #transferred(hello: HelloFacts, now: number): void {
    this.#run = undefined;
    if (this.#over) return;
    this.#notBefore = now + PAUSE_MS;
    const isAsset = this.#options.update.images[this.#image]?.moduleFunction === ModuleFunction.ASSET;
    if (isAsset) this.#imageDone();
    else this.#applying = { hello, until: now + RESTART_MS };
  }

  /** What becomes of an image with which the device has not restarted so far. */
  #judge({ hello, until }: Applying, session: DeviceSession, now: number): void {
    if (until === undefined) return this.#try(session, now);
    const hasRestarted = session.hello !== hello;
    // A device that missed the ACK of its answer has given up by then; one that still speaks says something by it.
    if (!hasRestarted && session.lastHeardAt < until) return;
    // It has missed our last ACK, was interrupted, or does not restart now: it is asked once more what it has.
    this.#vain += 1;
    if (this.#vain < MOST_VAIN) return this.#try(session, now);
    const mayRestartLater = !hasRestarted && (hello.flags & HelloFlag.OTA_V3) !== 0;
    if (mayRestartLater) return this.#applied(now);
    this.#end({ outcome: 'failed', reason: 'not_applied', message: 'the device did not restart with it' });
  }

  #applied(now: number): void {
    this.#notBefore = now + PAUSE_MS;
    this.#imageDone();
  }

  #imageDone(): void {
    this.#applying = undefined;
    this.#image += 1;
    this.#bytes = 0;
    this.#bestBytes = 0;
    this.#tries = 0;
    this.#vain = 0;
    this.#options.progress(this.progress);
    if (this.#image === this.#options.update.images.length) this.#end({ outcome: 'succeeded' });
  }

  #failed(error: unknown, now: number): void {
    const run = this.#run;
    this.#run = undefined;
    if (this.#over) return;
    const isInterrupted = error instanceof TransferError && error.kind === 'interrupted';
    const message = error instanceof Error ? error.message : String(error);
    if (this.#begun !== undefined) {
      const silence = run && goesOn(run) ? 'device.timed_out' : 'device.not_connected';
      const refusal = new GatewayError(isInterrupted ? silence : 'device.rejected', message);
      return this.#end({ outcome: 'failed', reason: 'refused', message }, refusal);
    }
    if (!isInterrupted) return this.#end({ outcome: 'failed', reason: 'refused', message });
    if (this.#tries >= MOST_TRIES) return this.#end({ outcome: 'failed', reason: 'no_progress', message });
    this.#notBefore = now + PAUSE_MS;
    this.#waitingUntil = now + this.#options.patienceMs;
  }

  #end(result: OtaResult, refusal = new GatewayError('device.rejected', 'the update was cancelled')): void {
    if (this.#over) return;
    this.#over = true;
    this.#run?.interrupt();
    this.#run = undefined;
    this.#options.ended(this.#begun === undefined ? result : undefined);
    this.#refuse(refusal);
  }

  #refuse(error: GatewayError): void {
    this.#begun?.reject(error);
    this.#begun = undefined;
  }
}

/** The device has restarted, and its Hello says that it did so with an update. When its answer is not known, that may be an earlier one which Hello told of before. */
function runsWith({ hello, until }: Applying, session: DeviceSession): boolean {
  if (session.hello === hello || !saysUpdated(session.hello)) return false;
  return until !== undefined || !saysUpdated(hello);
}

function saysUpdated(hello: HelloFacts | undefined): boolean {
  return ((hello?.flags ?? 0) & HelloFlag.OTA_SUCCESSFUL) !== 0;
}

/** The connection on which it runs is there, and the device has not restarted. */
function goesOn({ session, hello }: Run): boolean {
  return isUsable(session) && session.hello === hello;
}

function isUsable(session: DeviceSession): boolean {
  return session.state === 'live' && session.online;
}
