import { describe, expect, it } from 'vitest';
import { scopeOptions } from './scope-options.ts';

describe('scopes to choose from', () => {
  it('stand in groups by what they are about', () => {
    expect(scopeOptions(['events:get', 'devices.function:call', 'devices:list'])).toEqual([
      { group: 'devices', items: ['devices.function:call', 'devices:list'] },
      { group: 'events', items: ['events:get'] },
    ]);
  });

  it('are none where there are none', () => {
    expect(scopeOptions([])).toEqual([]);
  });
});
