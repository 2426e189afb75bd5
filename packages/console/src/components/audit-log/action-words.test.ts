import { operations } from '@cloudchamber/contract';
import { describe, expect, it } from 'vitest';
import { actionWords, wasRefused } from './action-words.ts';

describe('actionWords', () => {
  it('says what was done', () => {
    expect(actionWords('updateProductDevice')).toBe('Changed product device');
    expect(actionWords('renewProductApiUserToken')).toBe('Renewed product api user token');
    expect(actionWords('createToken')).toBe('Logged in');
    expect(actionWords('deleteMFA.refused')).toBe('Deleted MFA (refused)');
    expect(actionWords('somethingNew')).toBe('Something: new');
  });

  it('has words for every operation that the log tells of', () => {
    const logged = Object.entries(operations).filter(
      ([, { method, audited = true }]) => method !== 'GET' && method !== 'HEAD' && audited,
    );
    expect(logged.length).toBeGreaterThan(50);
    expect(logged.map(([name]) => actionWords(name)).filter((words) => words.includes(':'))).toEqual([]);
  });
});

describe('wasRefused', () => {
  it('knows refusals', () => {
    expect([wasRefused('createToken'), wasRefused('createToken.refused')]).toEqual([false, true]);
  });
});
