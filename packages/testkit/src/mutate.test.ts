import { seededEntropy } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { mutate } from './mutate.ts';

describe('mutated bytes', () => {
  const corpus = [Buffer.from('0123456789abcdef'), Buffer.alloc(0), Buffer.alloc(300, 7)];

  it('are the same for the same seed, mostly new ones, and leave the corpus alone', () => {
    const before = corpus.map((bytes) => bytes.toString('hex'));
    const run = (seed: number): string[] => {
      const entropy = seededEntropy(seed);
      return Array.from({ length: 1000 }, () => mutate(corpus, entropy).toString('hex'));
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(new Set(run(1)).size).toBeGreaterThan(600);
    expect(corpus.map((bytes) => bytes.toString('hex'))).toEqual(before);
  });
});
