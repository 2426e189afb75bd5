import type { MessageIdWindow } from './session-vault.ts';

const WINDOW = 64;

/** The message ids of the last events that were stored, in a window of 64 that follows the newest. Ids count up and begin again after 65535. */
export class PublishedIds {
  #top: number;
  #high: number;
  #low: number;

  constructor(window: MessageIdWindow = { top: -1, high: 0, low: 0 }) {
    this.#top = window.top;
    this.#high = window.high;
    this.#low = window.low;
  }

  get window(): MessageIdWindow {
    return { top: this.#top, high: this.#high, low: this.#low };
  }

  has(id: number): boolean {
    const behind = this.#behind(id);
    if (behind < 0 || behind >= WINDOW) return false;
    const bits = behind < 32 ? this.#low >>> behind : this.#high >>> (behind - 32);
    return (bits & 1) === 1;
  }

  add(id: number): void {
    if (this.#top === -1) this.#top = id;
    const behind = this.#behind(id);
    if (behind < 0) this.#slide(-behind, id);
    this.#set(this.#behind(id), true);
  }

  delete(id: number): void {
    this.#set(this.#behind(id), false);
  }

  /** How far `id` lies before the newest; negative when it is newer. */
  #behind(id: number): number {
    if (this.#top === -1) return WINDOW;
    return ((this.#top - id) << 16) >> 16;
  }

  #set(behind: number, value: boolean): void {
    if (behind < 0 || behind >= WINDOW) return;
    const bit = 1 << (behind & 31);
    if (behind < 32) this.#low = (value ? this.#low | bit : this.#low & ~bit) >>> 0;
    else this.#high = (value ? this.#high | bit : this.#high & ~bit) >>> 0;
  }

  #slide(by: number, top: number): void {
    this.#top = top;
    if (by >= WINDOW) {
      this.#high = 0;
      this.#low = 0;
    } else if (by >= 32) {
      this.#high = (this.#low << (by - 32)) >>> 0;
      this.#low = 0;
    } else {
      this.#high = ((this.#high << by) | (this.#low >>> (32 - by))) >>> 0;
      this.#low = (this.#low << by) >>> 0;
    }
  }
}
