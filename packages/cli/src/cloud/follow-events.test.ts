import type { Frame } from '@cloudchamber/contract/event-stream';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CliError } from '../failure/cli-error.ts';
import { fakeOutput } from '../output/fake-output.ts';
import type { Cloud } from './cloud.ts';
import { followEvents } from './follow-events.ts';

const frame = (id: number): string => `event: e\ndata: {"n":${id}}\nid: ${id}\n\n`;
const cloud = { url: 'https://cloud.example.net', token: () => 'secret' } as Cloud;

/** What the cloud does with one opening: the pieces that it sends before the stream breaks, a refusal, or nothing at all. */
type Answer = readonly string[] | number | 'unreachable';

describe('followEvents', () => {
  let stop: AbortController;
  let asked: string[];
  let authorizations: (string | null)[];
  let shown: Frame[];
  let said: string[];
  beforeEach(() => {
    stop = new AbortController();
    asked = [];
    authorizations = [];
    shown = [];
    said = [];
  });

  /** Follows a stream that gets these answers; when there are no more, Ctrl-C is pressed. */
  const follow = (answers: readonly Answer[], more: Partial<Parameters<typeof followEvents>[1]> = {}) => {
    const rest = [...answers];
    return followEvents(
      { cloud, interrupted: stop.signal, out: fakeOutput(said) },
      { path: '/v1/devices/events', onFrame: (one) => shown.push(one), ...more },
      {
        fetch: async (address, init) => {
          asked.push(String(address));
          authorizations.push(new Headers(init?.headers).get('authorization'));
          const answer = rest.shift() ?? [];
          if (answer === 'unreachable') throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
          if (typeof answer === 'number') return new Response('{}', { status: answer });
          return new Response(ReadableStream.from(answer.map((piece) => new TextEncoder().encode(piece))));
        },
        wait: async () => {
          if (rest.length === 0) stop.abort();
        },
      },
    );
  };
  const ids = () => shown.map(({ id }) => id);
  const failure = (followed: Promise<void>) =>
    followed.then(
      () => undefined,
      (error: CliError) => error,
    );

  it('goes on behind the last id when the stream breaks, with the token each time', async () => {
    expect(await failure(follow([[':ok\n\n', frame(1), frame(2)], 'unreachable', 503, [frame(3)]]))).toMatchObject({
      kind: 'interrupted',
    });
    expect(ids()).toEqual(['1', '2', '3']);
    const again = 'https://cloud.example.net/v1/devices/events?last_event_id=2';
    expect(asked).toEqual(['https://cloud.example.net/v1/devices/events', again, again, again]);
    expect(new Set(authorizations)).toEqual(new Set(['Bearer secret']));
    expect(said).toContain('note: The stream broke; it is opened again ...');
  });

  it('goes on from a position that came without an event', async () => {
    await failure(follow([['id: 41\n\n'], ['\n', 'id: 44\n\n'], []], { path: '/v1/events/a?x=1' }));
    const at = (id: number) => `https://cloud.example.net/v1/events/a?x=1&last_event_id=${id}`;
    expect(asked.slice(1)).toEqual([at(41), at(44)]);
  });

  it('begins behind an event', async () => {
    await failure(follow([[frame(8)]], { after: '7' }));
    expect(asked[0]).toContain('?last_event_id=7');
  });

  it('shows nothing more once it is ended', async () => {
    const enough = new AbortController();
    const onFrame = (one: Frame) => {
      shown.push(one);
      enough.abort();
    };
    await follow([[frame(1) + frame(2)]], { onFrame, until: enough.signal });
    expect(ids()).toEqual(['1']);
  });

  it('ends at once where the end came before', async () => {
    await follow([[frame(1)]], { until: AbortSignal.abort() });
    expect(ids()).toEqual([]);
    stop.abort();
    expect(await failure(follow([[frame(1)]]))).toMatchObject({ kind: 'interrupted' });
  });

  it.each([
    ['unreachable', { kind: 'server', message: 'https://cloud.example.net cannot be reached: nothing listens there' }],
    [429, { kind: 'rate-limited' }],
    [503, { kind: 'server' }],
    [401, { kind: 'login' }],
    [404, { kind: 'not-found' }],
  ] as const)('fails when the stream cannot be opened at first: %s', async (answer, expected) => {
    expect(await failure(follow([answer, [frame(1)]]))).toMatchObject(expected);
    expect(asked).toHaveLength(1);
  });

  it('fails when the cloud refuses it later', async () => {
    expect(await failure(follow([[frame(1)], 401]))).toMatchObject({ kind: 'login' });
  });

  it('tells what the cloud does not keep any more', async () => {
    await failure(follow([[':missed: event 3 is not kept any more\n\n']]));
    expect(said.join()).toContain('missed: event 3');
  });

  it('fails with what a reader throws, and does not ask again', async () => {
    const onFrame = () => {
      throw new Error('full');
    };
    expect(await failure(follow([[frame(1)], [frame(1)]], { onFrame }))).toMatchObject({ message: 'full' });
    expect(asked).toHaveLength(1);
  });
});
