import { type Frame, openEventStream, type StreamState } from '@cloudchamber/contract/event-stream';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { checkSession } from './session.ts';
import { useAsleep } from './use-asleep.ts';

export interface UseEventStream {
  /** The address of the stream, such as `/v1/devices/events`; null for none. */
  readonly path: string | null;
  /** Called for each frame as it comes, outside of rendering: collect, and set state once a frame of the screen. */
  onFrame(frame: Frame): void;
  onComment?(text: string): void;
  /** Another number opens a stream again that was refused, behind what was seen last. */
  readonly attempt?: number;
}

/**
 * Listens to a stream of the cloud while the page is there. A stream that breaks is opened again behind the last event, also over a restart of the cloud.
 * In a tab that nobody sees it pauses after a minute, and then goes on behind the last event.
 * @returns how the stream is doing
 */
export function useEventStream({ path, onFrame, onComment, attempt = 0 }: UseEventStream): StreamState {
  const queries = useQueryClient();
  const isAsleep = useAsleep();
  const [state, setState] = useState<StreamState>({ kind: 'connecting' });
  const handlers = useRef({ onFrame, onComment });
  useEffect(() => {
    handlers.current = { onFrame, onComment };
  });
  const seen = useRef<{ readonly path: string | null; id: string | undefined }>({ path: null, id: undefined });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens it again
  useEffect(() => {
    if (path === null || isAsleep) return undefined;
    if (seen.current.path !== path) seen.current = { path, id: undefined };
    const place = seen.current;
    return openEventStream({
      after: place.id,
      onPosition: (id) => {
        place.id = id;
      },
      address: (lastId) => (lastId === undefined ? path : `${path}?last_event_id=${encodeURIComponent(lastId)}`),
      onFrame: (frame) => handlers.current.onFrame(frame),
      onComment: (text) => handlers.current.onComment?.(text),
      onState: (next) => {
        setState(next);
        if (next.kind === 'ended') checkSession(queries, next.error);
      },
    });
  }, [path, attempt, queries, isAsleep]);
  return state;
}
