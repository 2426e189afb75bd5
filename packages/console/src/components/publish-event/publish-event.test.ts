import { expect, it } from 'vitest';
import { parsePublish } from './last-publish.ts';
import { dataProblem, nameProblem } from './publish-problems.ts';

it.each([
  ['status', true],
  ['ä'.repeat(32), true],
  ['ä'.repeat(33), false],
  ['', false],
  [' ', false],
  ['spark/x', false],
  ['Particle', false],
])('an event may be called %s: %s', (name, may) => {
  expect(nameProblem(name) === null).toBe(may);
});

it('data has at most 1,024 bytes', () => {
  expect(['x'.repeat(1024), 'ä'.repeat(513)].map((data) => dataProblem(data) === null)).toEqual([true, false]);
});

it('takes what was kept as far as it can be used', () => {
  expect(parsePublish('{"name":"a","data":"b","ttl":7}')).toEqual({ name: 'a', data: 'b', ttl: 7 });
  for (const broken of [null, '{', '7', 'null', '{"name":1}']) {
    expect(parsePublish(broken)).toEqual({ name: '', data: '', ttl: 60 });
  }
});
