import { describe, expect, it } from 'vitest';
import { findPlatform, isCellular, platforms } from './platforms.ts';

describe('platforms', () => {
  it('are known by their ids and names, each once, in the order of ids', () => {
    const ids = platforms.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((one, other) => one - other));
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(platforms.map(({ name }) => name)).size).toBe(ids.length);
  });

  it('stand for every device type that shares them', () => {
    expect([10, 26, 32].map((id) => findPlatform(id)?.deviceTypes)).toEqual([
      ['Electron', 'E Series'],
      ['Tracker SoM', 'Tracker One'],
      ['P2', 'Photon 2'],
    ]);
  });

  it('keep Boron, B4xx and B5xx apart', () => {
    expect([13, 23, 25].map((id) => findPlatform(id)?.displayName)).toEqual(['Boron', 'B4xx SoM', 'B5xx SoM']);
  });

  it('call over TCP only where AES is spoken', () => {
    expect(platforms.filter(({ transport }) => transport === 'tcp').map(({ name }) => name)).toEqual([
      'core',
      'photon',
      'p1',
    ]);
  });

  it('tell a Boron from an Argon and an unknown one', () => {
    expect([isCellular(13), isCellular(12), isCellular(0), isCellular(7)]).toEqual([true, false, false, false]);
  });
});
