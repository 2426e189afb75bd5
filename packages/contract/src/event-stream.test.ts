import { beforeEach, describe, expect, it } from 'vitest';
import { type Frame, openEventStream, type StreamState } from './event-stream.ts';

const frame = (id: number) => `event: e\ndata: {"n":${id}}\nid: ${id}\n\n`;

/** What the cloud does with one opening of the stream: the pieces that it sends, then the end, or a refusal. */
type Answer = readonly string[] | { readonly status: number; readonly body?: string; readonly retryAfter?: string };

describe('openEventStream', () => {
  let asked: (string | undefined)[];
  let frames: Frame[];
  let comments: string[];
  let states: StreamState[];
  let waits: number[];
  beforeEach(() => {
    asked = [];
    frames = [];
    comments = [];
    states = [];
    waits = [];
  });

  /** Opens a stream that gets these answers, one after the other. @returns when the last one is over */
  const run = (answers: readonly Answer[], after?: string) =>
    new Promise<void>((resolve) => {
      const rest = [...answers];
      const end = openEventStream({
        after,
        address: (lastId) => {
          asked.push(lastId);
          return '/events';
        },
        fetch: async () => replyOf(rest.shift()),
        onFrame: (one) => frames.push(one),
        onComment: (text) => comments.push(text),
        onState: (state) => {
          states.push(state);
          if (state.kind === 'ended') resolve();
        },
        now: () => 1000,
        wait: async (ms) => {
          waits.push(ms);
          if (rest.length > 0) return;
          end();
          resolve();
        },
      });
    });
  const ids = () => frames.map(({ id }) => id);

  it('shows frames and goes on behind the last one', async () => {
    await run([[':ok\n\n', frame(1), frame(2)], [frame(3)]]);
    expect(ids()).toEqual(['1', '2', '3']);
    expect(frames[0]).toEqual({ event: 'e', data: '{"n":1}', id: '1' });
    expect(asked).toEqual([undefined, '2']);
    expect(states.map(({ kind }) => kind)).toEqual(['connecting', 'live', 'waiting', 'connecting', 'live', 'waiting']);
  });

  it.each(Array.from({ length: frame(2).length }, (_, at) => at))(
    'asks again for a frame that was cut off after %i bytes',
    async (at) => {
      await run([[frame(1), frame(2).slice(0, at)], [frame(2)]]);
      expect(asked).toEqual([undefined, '1']);
      expect(ids()).toEqual(['1', '2']);
    },
  );

  it('puts frames together from pieces, wherever they are cut', async () => {
    const text = `:ok\n\nid: 4\n\n${frame(5)}${frame(16)}\nid: 17\n\n`;
    for (let at = 1; at < text.length; at += 1) {
      frames = [];
      asked = [];
      await run([[text.slice(0, at), text.slice(at)], []]);
      expect(ids()).toEqual(['5', '16']);
      expect(asked).toEqual([undefined, '17']);
    }
  });

  it('goes on from a position that came without an event: at the opening, and with heartbeats', async () => {
    await run([[':ok\n\n', 'id: 41\n\n'], ['\n', 'id: 44\n\n'], [frame(45)]]);
    expect(asked).toEqual([undefined, '41', '44']);
    expect(ids()).toEqual(['45']);
  });

  it('does not take an id line in the data for a position', async () => {
    await run([['event: id: 9\ndata: {"a":"id: 8"}\nid: 5\n\n'], []]);
    expect(asked).toEqual([undefined, '5']);
  });

  it('begins behind an event', async () => {
    await run([[frame(8)], []], '7');
    expect(asked).toEqual(['7', '8']);
  });

  it('hands comments on', async () => {
    await run([[':ok\n\n', ':missed: event 1 is not kept any more\n\n']]);
    expect(comments).toEqual(['ok', 'missed: event 1 is not kept any more']);
  });

  it('waits longer while the cloud is away, and less when it was back', async () => {
    const away = { status: 502 };
    await run([away, away, away, away, away, away, [frame(1)], away]);
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 500, 500]);
    expect(states.find(({ kind }) => kind === 'waiting')).toMatchObject({ retryAt: 1500, error: { status: 502 } });
  });

  it('waits as long as the cloud says', async () => {
    await run([{ status: 429, retryAfter: '30' }, []]);
    expect(waits).toEqual([30_000, 500]);
  });

  it.each([401, 403, 404])('ends when it is refused with %i, with the reason', async (status) => {
    await run([[frame(1)], { status, body: '{"error_description":"not yours"}' }]);
    expect(states.at(-1)).toMatchObject({ kind: 'ended', error: { message: 'not yours', status } });
    expect(asked).toEqual([undefined, '1']);
  });
});

function replyOf(answer: Answer = []): Response {
  if (!('status' in answer)) {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const piece of answer) controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    });
    return new Response(body);
  }
  const { status, body = '', retryAfter } = answer;
  return new Response(body, { status, ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }) });
}
