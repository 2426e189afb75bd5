import { Readable } from 'node:stream';
import { type Clock, minutes } from '@cloudchamber/kernel';

/** Whoever doesn't take a piece for so long is cut off. */
const PATIENCE = minutes(1);

/**
 * A text that is made as it is read, a piece in memory at a time. It ends early when nobody reads it.
 * @param pieces the text; asked for the next one when the one before was taken
 * @param ended called once, when it is over for whatever reason
 */
export function patientStream(pieces: AsyncIterable<string>, clock: Clock, ended: () => void): Readable {
  const stream: Readable = Readable.from(
    watched(pieces, clock, () => stream),
    { objectMode: false },
  );
  stream.once('close', ended);
  return stream;
}

async function* watched(pieces: AsyncIterable<string>, clock: Clock, streamOf: () => Readable): AsyncGenerator<string> {
  for await (const text of pieces) {
    if (streamOf().destroyed) return;
    if (text === '') continue;
    const patience = clock.after(PATIENCE, () => streamOf().destroy(new Error('nobody reads the export')));
    yield text;
    patience.cancel();
  }
}
