import type { CoapMessage } from '@cloudchamber/wire';
import type { RequestOf } from '../requests/request-context.ts';
import { LegacyReceiver } from './legacy-receiver.ts';
import type { UpdaterContext } from './updater-context.ts';
import { V3Receiver } from './v3-receiver.ts';

export type UpdateRequest =
  | RequestOf<'ota-start'>
  | RequestOf<'ota-chunk'>
  | RequestOf<'ota-finish'>
  | RequestOf<'legacy-ota-start'>
  | RequestOf<'legacy-ota-chunk'>
  | RequestOf<'legacy-ota-finish'>;

/** Takes firmware on one connection, in whichever mode the server speaks (protocol section 9). */
export class FirmwareUpdater {
  readonly #v3: V3Receiver;
  readonly #legacy: LegacyReceiver;

  constructor(context: UpdaterContext) {
    this.#v3 = new V3Receiver(context);
    this.#legacy = new LegacyReceiver(context);
  }

  /** Whether a transfer is under way: the application doesn't publish meanwhile (protocol section 5.3). */
  get active(): boolean {
    return this.#v3.active || this.#legacy.active;
  }

  handle(message: CoapMessage, request: UpdateRequest): void {
    switch (request.kind) {
      case 'ota-start':
        this.#legacy.stop();
        return this.#v3.start(message, request);
      case 'ota-chunk':
        return this.#v3.chunk(message, request);
      case 'ota-finish':
        return this.#v3.finish(message, request);
      case 'legacy-ota-start':
        this.#v3.stop();
        return this.#legacy.start(message, request);
      case 'legacy-ota-chunk':
        return this.#legacy.chunk(message, request);
      case 'legacy-ota-finish':
        return this.#legacy.finish(message);
    }
  }

  /** The connection is over. */
  stop(): void {
    this.#v3.stop();
    this.#legacy.stop();
  }
}
