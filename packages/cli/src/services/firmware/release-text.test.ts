import { describe, expect, it } from 'vitest';
import { impactText, lostText, scopeText } from './release-text.ts';

describe('the words of a release', () => {
  it('name the default and groups', () => {
    expect(scopeText({ isDefault: false, groups: [] })).toBe('nobody');
    expect(scopeText({ isDefault: true, groups: [] })).toBe('the default');
    expect(scopeText({ isDefault: true, groups: ['beta', 'lab'] })).toBe('the default and the groups beta, lab');
    expect(scopeText({ isDefault: false, groups: ['beta'] })).toBe('the group beta');
  });

  it('count devices by what they run', () => {
    expect(impactText({ total: 0, by_version: [] })).toBe('No device is updated');
    expect(impactText({ total: 1, by_version: [{ version: null, total: 1 }] })).toBe(
      '1 device is updated: 1 from other firmware',
    );
    const by_version = [
      { version: 3, total: 10 },
      { version: null, total: 2 },
    ];
    expect(impactText({ total: 12, by_version })).toBe(
      '12 devices are updated: 10 from version 3, 2 from other firmware',
    );
  });

  it('tell what is taken away', () => {
    const now = { product_default: true, groups: ['beta', 'lab'] };
    expect(lostText(now, { isDefault: true, groups: ['lab', 'beta', 'new'] })).toBeUndefined();
    expect(lostText(now, { isDefault: false, groups: ['lab'] })).toBe(
      'It is released to the default and the group beta no more',
    );
  });
});
