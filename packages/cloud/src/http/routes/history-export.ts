import { Readable } from 'node:stream';
import { type Clock, minutes } from '@cloudchamber/kernel';
import type { StoredEvent } from '../../store/index.ts';
import { type ExportFormat, pastEvent } from './history-formats.ts';

/** Whoever doesn't take a page for so long is cut off. */
const PATIENCE = minutes(1);

/** Pages of an export, one after the other. */
export interface ExportSource {
  readonly format: ExportFormat;
  readonly clock: Clock;
  readonly first: ExportPage;
  /** Reads on; rejects when the caller may not any more. */
  more(next: number): Promise<ExportPage>;
  /** Called once, when it is over for whatever reason. */
  ended(): void;
}

interface ExportPage {
  readonly events: readonly StoredEvent[];
  readonly next: number | null;
}

/** The text of an export, made as it is read: a page in memory at a time. It ends early when nobody reads it. */
export function exportStream(source: ExportSource): Readable {
  const stream: Readable = Readable.from(
    pieces(source, () => stream),
    { objectMode: false },
  );
  stream.once('close', () => source.ended());
  return stream;
}

async function* pieces({ format, clock, first, more }: ExportSource, streamOf: () => Readable): AsyncGenerator<string> {
  let page = first;
  let nothingYet = true;
  for (;;) {
    const text = format.write(page.events.map(pastEvent), nothingYet);
    nothingYet = false;
    if (text !== '') {
      const patience = clock.after(PATIENCE, () => streamOf().destroy(new Error('nobody reads the export')));
      yield text;
      patience.cancel();
    }
    if (page.next === null || streamOf().destroyed) return;
    page = await more(page.next);
  }
}
