import { describe, expect, it } from 'vitest';
import { durationText, vitalValues } from './vital-values.ts';

const leaf = (describes: string, facts: object) => ({ title: describes, describes, ...facts });
const metadata = {
  device: {
    memory: {
      used: leaf('device.memory.used', {
        priority: 3,
        units: { title: 'KiB', convert: { type: 'divide', by: 1024 } },
        ranges: { type: 'ratio_above', ratio: 0.9, param1: 'device.memory.used', param2: 'device.memory.total' },
        messages: { description: 'In use.', healthy: 'There is some left.', warning: 'Nearly used up.' },
      }),
    },
    strength: leaf('device.strength', {
      priority: 1,
      units: { title: '%', convert: { type: 'round', by: 0.01 } },
      ranges: { type: 'below', warning: 10 },
    }),
    reason: leaf('device.reason', { priority: 4, values: { healthy: ['none'], warning: ['server_moved'] } }),
    uptime: leaf('device.uptime', { priority: 2, units: { title: 's' } }),
  },
};
const shown = (device: object) =>
  vitalValues({ device }, metadata).map(({ path, text, health }) => [path, text, health]);

describe('the last vitals', () => {
  it('are in the order of their importance, and without what the device did not tell', () => {
    expect(shown({ memory: { used: 95_000, total: 100_000 }, strength: 61.236, uptime: 90_061 })).toEqual([
      ['device.strength', '61.24 %', 'healthy'],
      ['device.uptime', '1 d 1 h', undefined],
      ['device.memory.used', '93 KiB', 'warning'],
    ]);
  });

  it.each([
    [{ strength: 9 }, 'warning'],
    [{ strength: 10 }, 'healthy'],
    [{ reason: 'server_moved' }, 'warning'],
    [{ reason: 'none' }, 'healthy'],
    [{ reason: 'new_one' }, undefined],
    [{ memory: { used: 5 } }, undefined],
    [{ strength: { err: -210 } }, 'warning'],
  ])('are healthy or not: %j', (device, health) => {
    expect(shown(device)[0]?.[2]).toBe(health);
  });

  it('say in words what the health means', () => {
    const [value] = vitalValues({ device: { memory: { used: 95, total: 100 } } }, metadata);
    expect(value?.message).toBe('Nearly used up.');
  });

  it('have texts without underscores, and errors as such', () => {
    expect(shown({ reason: 'server_moved', strength: { err: -210 } }).map(([, text]) => text)).toEqual([
      'could not be read (-210)',
      'server moved',
    ]);
  });
});

it.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3661, '1 h 1 min'],
  [172_800, '2 d'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});
