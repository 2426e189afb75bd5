import { expect, it } from 'vitest';
import type { Cloud } from '../../cloud/cloud.ts';
import { fakeOutput } from '../../output/fake-output.ts';
import { replayAll, replayedText } from './replay.ts';

const NOW = Date.parse('2026-02-03T12:00:00Z');
const all = { place: { kind: 'own' }, integration: 'aa', until: undefined, event: undefined } as const;

function contextWith(answers: readonly { replayed: number; more: boolean; next: string | null }[]) {
  const rest = [...answers];
  const asked: unknown[] = [];
  const call = async (_name: string, { body }: { body: unknown }) => {
    asked.push(body);
    return rest.shift();
  };
  const clock = { now: () => NOW, monotonic: () => 0, after: () => ({ cancel() {} }) };
  return { asked, context: { cloud: { call } as unknown as Cloud, clock, out: fakeOutput([]) } };
}

it('asks on behind each part of the log', async () => {
  const { context, asked } = contextWith([
    { replayed: 10_000, more: true, next: '0.5' },
    { replayed: 0, more: true, next: '0.9' },
    { replayed: 3, more: false, next: null },
  ]);
  expect(await replayAll(context, { ...all, source: 'history', since: '1h' })).toBe(10_003);
  const body = { source: 'history', from: '2026-02-03T11:00:00.000Z' };
  expect(asked).toEqual([body, { ...body, cursor: '0.5' }, { ...body, cursor: '0.9' }]);
});

it('does not ask for ever where nothing is replayed', async () => {
  const { context, asked } = contextWith([
    { replayed: 5, more: true, next: null },
    { replayed: 0, more: true, next: null },
  ]);
  expect(await replayAll(context, { ...all, source: 'failed', since: undefined, error: '503' })).toBe(5);
  expect(asked).toEqual([
    { source: 'failed', error: '503' },
    { source: 'failed', error: '503' },
  ]);
});

it('tells how many', () => {
  expect([0, 1, 2].map(replayedText)).toEqual([
    'Nothing to replay',
    '1 delivery is due now',
    '2 deliveries are due now',
  ]);
});
