import type { LogEntry, LogEvent } from './log-event.ts';

export interface Stepped {
  readonly count: number;
  /** 0 is the newest, which stands at the top. */
  entryAt(index: number): LogEntry | undefined;
  readonly selected: LogEvent | undefined;
}

const PAGE = 10;

/** @returns the index of the event that a key leads to from the selected one; undefined for other keys, and where there is none */
export function stepOf(key: string, list: Stepped): number | undefined {
  const now = indexOf(list);
  if (key === 'ArrowDown') return eventFrom(list, now + 1, 1);
  if (key === 'ArrowUp') return eventFrom(list, now - 1, -1);
  if (key === 'PageDown') return eventFrom(list, Math.min(now + PAGE, list.count - 1), -1);
  if (key === 'PageUp') return eventFrom(list, Math.max(now - PAGE, 0), 1);
  if (key === 'Home') return eventFrom(list, 0, 1);
  if (key === 'End') return eventFrom(list, list.count - 1, -1);
  return undefined;
}

function indexOf({ count, entryAt, selected }: Stepped): number {
  if (selected === undefined) return -1;
  for (let index = 0; index < count; index += 1) {
    const entry = entryAt(index);
    if (entry?.kind === 'event' && entry.id === selected.id) return index;
  }
  return -1;
}

/** Lines that are no events are stepped over. */
function eventFrom({ count, entryAt }: Stepped, begin: number, step: 1 | -1): number | undefined {
  for (let index = begin; index >= 0 && index < count; index += step) {
    if (entryAt(index)?.kind === 'event') return index;
  }
  return undefined;
}
