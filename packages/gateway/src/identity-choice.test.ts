import { hours, minutes, seededEntropy } from '@cloudchamber/kernel';
import { generateP256 } from '@cloudchamber/wire';
import { describe, expect, it } from 'vitest';
import { IdentityChoice } from './identity-choice.ts';

const old = generateP256();
const next = generateP256();
const HOME = '192.0.2.1';

function choosing() {
  const choice = new IdentityChoice(old, seededEntropy(3));
  choice.use([old, next]);
  return choice;
}

/** A device tries until it gets in, as the gateway sees it. @returns how many handshakes that took */
function connect(choice: IdentityChoice, address: string, holds: typeof old, now: number): number {
  for (let attempts = 1; ; attempts++) {
    const offered = choice.offer(address, now);
    if (offered === holds) {
      choice.accepted(address, offered, now);
      return attempts;
    }
    choice.refused(address, offered, now);
  }
}

describe('the key of a handshake', () => {
  it('is the only one there is', () => {
    const choice = new IdentityChoice(old, seededEntropy(1));
    choice.refused(HOME, old, 0);
    expect(choice.offer(HOME, 1)).toBe(old);
  });

  it('is the first for an address that nothing is known of', () => {
    expect(choosing().offer(HOME, 0)).toBe(old);
  });

  it('is the other one after a refusal, at once and every time after', () => {
    const choice = choosing();
    expect(connect(choice, HOME, next, 0)).toBe(2);
    expect(connect(choice, HOME, next, minutes(1))).toBe(1);
    expect(connect(choice, HOME, next, hours(100))).toBe(1);
    expect(choice.offer('192.0.2.2', hours(100))).toBe(old);
  });

  it('follows a device that was given the new key', () => {
    const choice = choosing();
    expect(connect(choice, HOME, old, 0)).toBe(1);
    expect(connect(choice, HOME, next, hours(1))).toBe(2);
    expect(connect(choice, HOME, next, hours(80))).toBe(1);
  });

  it('is forgotten with the keys: after the old one is retired only the new one is offered', () => {
    const choice = choosing();
    connect(choice, HOME, old, 0);
    choice.use([next]);
    expect(choice.offer(HOME, 1)).toBe(next);
    choice.refused(HOME, next, 2);
    expect(choice.offer(HOME, 3)).toBe(next);
  });

  it('is found by devices that only fall silent', () => {
    const choice = choosing();
    let attempts = 1;
    for (; choice.offer(HOME, 0) !== next; attempts++) choice.unanswered(HOME, 0);
    expect(attempts).toBeLessThan(20);
  });

  it('locks nobody out behind one address, in whatever order devices take turns', () => {
    const choice = choosing();
    // Two that fail in turns, with a thousand others of the old key connecting between any two attempts.
    const waiting = new Map([
      [0, next],
      [1, old],
    ]);
    let attempts = 0;
    for (let at = 0; waiting.size > 0 && attempts < 200; at += 1000) {
      for (const [device, holds] of waiting) {
        attempts++;
        const offered = choice.offer(HOME, at);
        if (offered === holds) {
          choice.accepted(HOME, offered, at);
          waiting.delete(device);
        } else choice.refused(HOME, offered, at);
        choice.accepted(HOME, old, at);
      }
    }
    expect(waiting.size).toBe(0);
  });

  it('takes two handshakes on average where both are in use, and three in four devices at most two', () => {
    const choice = choosing();
    const attempts = Array.from({ length: 2000 }, (_, n) => connect(choice, HOME, n % 3 === 0 ? next : old, n * 100));
    const mean = attempts.reduce((sum, count) => sum + count, 0) / attempts.length;
    expect(mean).toBeGreaterThan(1.8);
    expect(mean).toBeLessThan(2.2);
    expect(attempts.filter((count) => count <= 2).length / attempts.length).toBeGreaterThan(0.7);
  });

  it('is certain again when devices of the other key have left', () => {
    const choice = choosing();
    connect(choice, HOME, next, 0);
    for (let at = 0; at <= minutes(16); at += minutes(1)) connect(choice, HOME, old, at);
    const later = Array.from({ length: 50 }, (_, n) => connect(choice, HOME, old, minutes(17 + n)));
    expect(later.every((count) => count === 1)).toBe(true);
  });

  it('is remembered for 10,000 addresses', () => {
    const choice = choosing();
    for (let n = 0; n <= 10_000; n++) connect(choice, `10.0.${n >> 8}.${n & 255}`, next, n);
    expect(choice.offer('10.0.0.0', 10_001)).toBe(old);
    expect(choice.offer('10.0.0.1', 10_001)).toBe(next);
  });
});
