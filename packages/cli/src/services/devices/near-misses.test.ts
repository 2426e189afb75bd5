import { describe, expect, it } from 'vitest';
import { nearMisses } from './near-misses.ts';

describe('nearMisses', () => {
  const names = ['greenhouse-north', 'greenhouse-south', 'pump', 'Küche'];

  it('finds names that contain what was typed, in any case', () => {
    expect(nearMisses('GREENHOUSE', names)).toEqual(['greenhouse-north', 'greenhouse-south']);
  });

  it('finds names that a typing error leads to, the nearest first', () => {
    expect(nearMisses('pmp', names)).toEqual(['pump']);
    expect(nearMisses('greenhouse-nord', names)).toEqual(['greenhouse-north', 'greenhouse-south']);
    expect(nearMisses('kueche', names)).toEqual(['Küche']);
  });

  it('finds nothing where nothing is near, and each name once', () => {
    expect(nearMisses('barn', names)).toEqual([]);
    expect(nearMisses('pump', ['pump', 'pump'])).toEqual(['pump']);
    expect(nearMisses('pu', ['pumpkin-patch'])).toEqual([]);
  });

  it('names three at most', () => {
    expect(nearMisses('bed', ['bed 1', 'bed 2', 'bed 3', 'bed 4'])).toHaveLength(3);
  });
});
