import { beforeEach, describe, expect, it } from 'vitest';
import { LiveLog } from './live-log.ts';
import type { LogEvent } from './log-event.ts';

const event = (id: number, name = 'n'): LogEvent => ({
  kind: 'event',
  id,
  name,
  data: null,
  publisher: 'api',
  at: id,
  ttl: 60,
});

describe('LiveLog', () => {
  let frames: (() => void)[];
  let log: LiveLog;
  beforeEach(() => {
    frames = [];
    log = new LiveLog({ capacity: 3, schedule: (tell) => frames.push(tell) });
  });
  /** The next frame of the screen. */
  const frame = () => {
    for (const tell of frames.splice(0)) tell();
    return log.state();
  };
  const shown = () => {
    const { shown: count } = frame();
    return Array.from({ length: count }, (_, index) => log.at(index)).map((entry) =>
      entry?.kind === 'event' ? entry.id : entry?.text,
    );
  };
  const push = (...ids: number[]) => {
    for (const id of ids) log.push(event(id));
  };

  it('shows the newest first and tells once a frame', () => {
    let told = 0;
    log.subscribe(() => {
      told += 1;
    });
    push(1, 2);
    expect(log.state()).toMatchObject({ version: 0, shown: 0 });
    expect([frames.length, told]).toEqual([1, 0]);
    expect(shown()).toEqual([2, 1]);
    expect(told).toBe(1);
    expect(log.state()).toBe(log.state());
  });

  it('is bounded and counts what was dropped', () => {
    push(1, 2, 3, 4, 5);
    expect(shown()).toEqual([5, 4, 3]);
    expect(log.state()).toMatchObject({ dropped: 2, oldestId: 3, total: 3 });
  });

  it('leaves out what it has already', () => {
    push(1, 2, 2, 1, 3);
    expect(shown()).toEqual([3, 2, 1]);
  });

  it('queues while it is held and shows the queue afterwards (UI-22)', () => {
    push(1);
    log.hold(true);
    push(2, 3);
    expect(shown()).toEqual([1]);
    expect(log.state()).toMatchObject({ waiting: 2, lost: 0, oldestId: 1 });
    log.hold(false);
    expect(shown()).toEqual([3, 2, 1]);
    expect(log.state().waiting).toBe(0);
  });

  it('says where more came than can wait', () => {
    log.hold(true);
    push(1, 2, 3, 4, 5);
    expect(frame()).toMatchObject({ waiting: 2, lost: 3, dropped: 0, oldestId: 4 });
    log.hold(false);
    expect(shown()).toEqual([5, 4, '3 events were dropped here: more came than can wait.']);
    expect(log.state()).toMatchObject({ waiting: 0, lost: 0, dropped: 3 });
  });

  it('puts lines between events', () => {
    push(1);
    log.notice('Missed');
    push(2);
    log.filter(() => false);
    expect(shown()).toEqual(['Missed']);
    log.filter(() => true);
    expect(shown()).toEqual([2, 'Missed', 1]);
  });

  it('filters what is here and what comes, without forgetting it', () => {
    push(1, 2);
    log.filter(({ id }) => id % 2 === 0);
    push(3, 4);
    expect(shown()).toEqual([4, 2]);
    expect(log.state()).toMatchObject({ shown: 2, total: 3 });
    log.filter(() => true);
    expect(shown()).toEqual([4, 3, 2]);
  });

  it('forgets everything when it is cleared (UI-21)', () => {
    push(1, 2, 3, 4);
    log.hold(true);
    push(5);
    log.clear();
    expect(frame()).toMatchObject({ shown: 0, waiting: 0, dropped: 0, oldestId: undefined });
    log.hold(false);
    push(6);
    expect(shown()).toEqual([6]);
  });
});
