import type { StreamState } from '@cloudchamber/contract/event-stream';
import { useCallback, useState, useSyncExternalStore } from 'react';
import { useEventStream } from '../../data/use-event-stream.ts';
import { LiveLog, type LiveState } from './live-log.ts';
import { eventOfFrame } from './log-event.ts';
import { type PacedFramesOptions, pacedFrames } from './paced-frames.ts';

/** Events that the log keeps; as many may wait while it is held. */
const CAPACITY = 10_000;

const BROWSER: PacedFramesOptions = {
  frame: (run) => requestAnimationFrame(run),
  wait: (run, ms) => setTimeout(run, ms),
  now: () => performance.now(),
};

export interface UseLiveLog {
  readonly log: LiveLog;
  readonly live: LiveState;
  readonly stream: StreamState;
  /** Opens a stream again that was refused. */
  reopen(): void;
}

/** Collects what a stream brings. @param path of the stream; null for none. Another stream needs another component (`key`) */
export function useLiveLog(path: string | null): UseLiveLog {
  const [log] = useState(() => new LiveLog({ capacity: CAPACITY, schedule: pacedFrames(BROWSER) }));
  const [attempt, setAttempt] = useState(0);
  const stream = useEventStream({
    path,
    attempt,
    onFrame: (frame) => {
      const event = eventOfFrame(frame);
      if (event !== undefined) log.push(event);
    },
    onComment: (text) => {
      if (text.startsWith('missed:')) log.notice(`Missed: ${text.slice('missed:'.length).trim()}`);
    },
  });
  const live = useSyncExternalStore(log.subscribe, log.state);
  const reopen = useCallback(() => setAttempt((number) => number + 1), []);
  return { log, live, stream, reopen };
}
