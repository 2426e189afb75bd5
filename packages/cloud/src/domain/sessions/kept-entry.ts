import type { HelloFacts, ProgressSource, SessionProgress, VaultEntry } from '@cloudchamber/gateway';
import type { MarkSource, SessionMarks } from '../../store/index.ts';
import { encodeMark } from './session-mark.ts';

/** What an entry needs of its vault. */
export interface EntryKeeper {
  readonly marks: SessionMarks;
  /** The entry has a durable mark that its row doesn't have. */
  changed(entry: KeptEntry): void;
  greeted(entry: KeptEntry, hello: HelloFacts): Promise<void>;
  remove(entry: KeptEntry): void;
}

/** One session's row in `device_sessions`, and where its marks come from. */
export class KeptEntry implements VaultEntry, MarkSource {
  readonly id: number;
  readonly #keeper: EntryKeeper;
  readonly #source: ProgressSource;
  /** What goes into the commit under way. */
  #taken: { readonly progress: SessionProgress; readonly mark: Uint8Array } | undefined;
  #durable: Uint8Array | undefined;
  #removed = false;

  constructor(id: number, keeper: EntryKeeper, source: ProgressSource) {
    this.id = id;
    this.#keeper = keeper;
    this.#source = source;
  }

  note(): void {
    if (!this.#removed) this.#keeper.marks.note(this);
  }

  greeted(hello: HelloFacts): Promise<void> {
    return this.#keeper.greeted(this, hello);
  }

  remove(): void {
    if (this.#removed) return;
    this.#removed = true;
    this.#keeper.marks.forget(this);
    this.#keeper.remove(this);
  }

  mark(): Uint8Array {
    const progress = this.#source.progress();
    const mark = encodeMark(progress);
    this.#taken = { progress, mark };
    return mark;
  }

  marked(): void {
    if (this.#taken === undefined || this.#removed) return;
    const { progress, mark } = this.#taken;
    this.#taken = undefined;
    this.#durable = mark;
    this.#keeper.changed(this);
    this.#source.stored(progress);
  }

  /** The newest durable mark that the row doesn't have. What is not durable yet may know of events that aren't either. */
  get durable(): Uint8Array | undefined {
    return this.#removed ? undefined : this.#durable;
  }

  /** The row has that mark. */
  gathered(mark: Uint8Array): void {
    if (this.#durable === mark) this.#durable = undefined;
  }
}
