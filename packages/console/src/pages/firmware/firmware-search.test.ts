import { describe, expect, it } from 'vitest';
import { firmwareSearch, rolloutSearch } from './firmware-search.ts';

describe('firmwareSearch', () => {
  it('keeps what can be and leaves out the rest', () => {
    expect(firmwareSearch({ tab: 'rollouts', q: 'valves', archived: true })).toEqual({
      tab: 'rollouts',
      q: 'valves',
      archived: true,
    });
    expect(firmwareSearch({ tab: 'other', q: '', archived: false, more: 1 })).toEqual({});
  });

  it('takes a number as text', () => {
    expect(firmwareSearch({ q: 7 })).toEqual({ q: '7' });
  });
});

describe('rolloutSearch', () => {
  it('knows the states of devices', () => {
    expect(rolloutSearch({ devices: 'failed' })).toEqual({ devices: 'failed' });
    expect(rolloutSearch({ devices: 'gone' })).toEqual({});
  });
});
