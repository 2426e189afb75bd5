import { describe, expect, it } from 'vitest';
import { eventFormat, messageRoom } from './generation.ts';
import type { HelloFacts } from './ports.ts';

const base: HelloFacts = { productId: 1, productVersion: 1, platformId: 12, flags: 0 };

describe('what a generation has to be spared', () => {
  it.each([
    [undefined, 800],
    [1152, 1152],
    [960, 960],
    [65_535, 1152],
  ])('is messages above its size: %s in Hello, %i bytes', (maxMessageSize, room) => {
    expect(messageRoom({ ...base, maxMessageSize })).toBe(room);
  });

  it.each([
    [undefined, 0, 0],
    [4200, 50, 0],
    [6101, 40, 0],
    [4200, 42, undefined],
    [undefined, 60, undefined],
    [6200, 50, 50],
    [6200, 42, 42],
  ])('is content formats before 6.2: version %s, format %i', (systemVersion, format, named) => {
    expect(eventFormat({ ...base, systemVersion }, format)).toBe(named);
  });
});
