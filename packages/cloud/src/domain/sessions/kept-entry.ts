import type { HelloFacts, ProgressSource, SessionProgress, VaultEntry } from '@cloudchamber/gateway';
import type { ByteWriter } from '@cloudchamber/kernel';
import type { MarkSource, SessionMarks } from '../../store/index.ts';
import { writeMark } from './session-mark.ts';

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
  #taken: SessionProgress | undefined;
  #durable: SessionProgress | undefined;
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

  mark(writer: ByteWriter): void {
    this.#taken = this.#source.progress();
    writeMark(writer, this.id, this.#taken);
  }

  marked(): void {
    if (this.#taken === undefined || this.#removed) return;
    if (this.#durable === undefined) this.#keeper.changed(this);
    this.#durable = this.#taken;
    this.#source.stored(this.#taken);
  }

  /** The newest durable progress that the row doesn't have. What is not durable yet may know of events that aren't either. */
  get durable(): SessionProgress | undefined {
    return this.#removed ? undefined : this.#durable;
  }

  /** The row has that. @returns whether something newer has become durable meanwhile */
  gathered(progress: SessionProgress): boolean {
    if (this.#durable !== progress) return true;
    this.#durable = undefined;
    return false;
  }
}
