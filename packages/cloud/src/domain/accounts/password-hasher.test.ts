import { seededEntropy } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { PasswordHasher } from './password-hasher.ts';

const cost = { memoryKib: 8, passes: 1, lanes: 1 };
const entropy = seededEntropy(7);

describe('PasswordHasher', () => {
  it('knows its own hashes and no others', async () => {
    const hasher = new PasswordHasher({ cost });
    const stored = await hasher.hash('correct horse', entropy);
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await hasher.verify('correct horse', stored)).toBe(true);
    expect(await hasher.verify('correct horsf', stored)).toBe(false);
    expect(await hasher.verify('correct horse', undefined)).toBe(false);
  });

  it('salts', async () => {
    const hasher = new PasswordHasher({ cost });
    expect(await hasher.hash('same', entropy)).not.toBe(await hasher.hash('same', entropy));
  });

  it('checks a hash by the cost that is written in it', async () => {
    const stored = await new PasswordHasher({ cost: { memoryKib: 16, passes: 2, lanes: 2 } }).hash('pw', entropy);
    expect(await new PasswordHasher({ cost }).verify('pw', stored)).toBe(true);
  });

  it('agrees with the reference implementation of argon2id', async () => {
    // From the test suite of the reference implementation: "password", salt "somesalt", 256 KiB, 2 passes.
    const stored = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await new PasswordHasher().verify('password', stored)).toBe(true);
  });

  it('by default costs 19 MiB and two passes', async () => {
    expect(await new PasswordHasher().hash('pw', entropy)).toContain('$m=19456,t=2,p=1$');
  });

  it('refuses when too many wait, and recovers', async () => {
    const hasher = new PasswordHasher({ cost, concurrency: 1, waiting: 2 });
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map(() => hasher.verify('pw', undefined)));
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(results[3]).toMatchObject({ reason: { kind: 'unavailable', details: { retryAfterSeconds: 2 } } });
    expect(await hasher.verify('pw', undefined)).toBe(false);
  });

  it('a check that throws spends no work and frees its place', async () => {
    const hasher = new PasswordHasher({ cost, concurrency: 1 });
    const refuse = () => {
      throw new Error('blocked');
    };
    await expect(hasher.verify('pw', undefined, refuse)).rejects.toThrow('blocked');
    expect(await hasher.verify('pw', undefined)).toBe(false);
  });

  it('takes two spellings of the same letters for one password', async () => {
    const hasher = new PasswordHasher({ cost });
    expect(await hasher.verify('Zu\u0308rich', await hasher.hash('Z\u00fcrich', entropy))).toBe(true);
  });
});
