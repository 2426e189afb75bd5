import { formatTimestamp, type ShownProgress } from '@cloudchamber/contract';
import { type DeviceId, errorMessage, type Logger } from '@cloudchamber/kernel';
import { findLastUpdate, type LastUpdate, type UpdateJournal, type UpdateProgress } from '../domain/firmware/index.ts';
import type { RunningFeed } from '../domain/streams/index.ts';
import type { Store } from '../store/index.ts';
import type { FrameReader } from './sse-streams.ts';

interface ProgressFeedParts {
  readonly store: Store;
  readonly updates: UpdateJournal;
  readonly log: Logger;
}

/**
 * Shows a reader the steps of a device's updates: how it is now, then each stage, image and per cent, so that one update is a hundred frames and not one for each packet.
 * @param untilEnd ends the stream after the end of an update, and at once when none is under way
 */
export function progressFeed(
  { store, updates, log }: ProgressFeedParts,
  deviceId: DeviceId,
  untilEnd: boolean,
): (reader: FrameReader) => RunningFeed {
  return (reader) => {
    let shown = '';
    let isOver = false;
    const show = (progress: UpdateProgress): void => {
      const step = shownProgress(progress);
      const key = [step.id, step.stage, step.image, step.percent, step.outcome].join(' ');
      if (isOver || key === shown) return;
      shown = key;
      reader.frame(frameOf('progress', step));
      if (untilEnd && step.outcome !== null) reader.end('closed: the update is over');
    };
    const showIdle = async (): Promise<void> => {
      const last = await findLastUpdate(store.db, deviceId);
      // Something has begun meanwhile, or the end of the last one is being told just now.
      if (isOver || shown !== '' || (last !== undefined && last.endedAt === null)) return;
      reader.frame(frameOf('idle', { last: last === undefined ? null : shownLast(last) }));
      if (untilEnd) reader.end('closed: no update is under way');
    };
    const stop = updates.watch(deviceId, show);
    const progress = updates.progressOf(deviceId);
    if (progress !== undefined) show(progress);
    else {
      showIdle().catch((error: unknown) => {
        log.error({ device: deviceId, error: errorMessage(error) }, 'the last update of a device could not be read');
        reader.end('closed: the server failed');
      });
    }
    return {
      position: () => 0,
      stop: () => {
        isOver = true;
        stop();
      },
    };
  };
}

/** What the API shows of an update that is under way. */
export function shownProgress(progress: UpdateProgress): ShownProgress {
  const { id, reason, target, stage, image, images, bytes, totalBytes, outcome, message } = progress;
  const percent = totalBytes === 0 ? 0 : Math.min(100, Math.floor((bytes / totalBytes) * 100));
  const counts = { image, images, bytes, total_bytes: totalBytes, percent };
  return { id, reason, version: target?.version ?? null, stage, ...counts, outcome, message: message ?? null };
}

function shownLast({ endedAt, ...last }: LastUpdate) {
  return { ...last, ended_at: endedAt === null ? null : formatTimestamp(endedAt) };
}

function frameOf(name: string, data: object): Buffer {
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
