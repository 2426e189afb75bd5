import { describe, expect, it } from 'vitest';
import { commandsOf, matching } from './command-palette-commands.ts';

describe('commandsOf', () => {
  const hrefs = (...args: Parameters<typeof commandsOf>) => commandsOf(...args).map(({ href }) => href);

  it('are of the place', () => {
    expect(hrefs({ kind: 'sandbox' }, () => true)).toEqual([
      '/products?new=true',
      '/devices?add=virtual',
      '/events',
      '/integrations/new',
    ]);
    expect(hrefs({ kind: 'organization', organization: 'acme' }, () => true)).toContain('/orgs/acme/products?new=true');
    expect(hrefs({ kind: 'product', product: '1042' }, () => true)).toContain('/products/1042/team?dialog=invite');
  });

  it('leave out what the role does not include', () => {
    expect(hrefs({ kind: 'product', product: '1042' }, (scope) => scope === 'events:send')).toEqual([
      '/products?new=true',
      '/devices?add=virtual',
      '/products/1042/events',
    ]);
  });
});

describe('matching', () => {
  const entries = [{ label: 'New integration', keywords: 'webhook' }, { label: 'New product' }];

  it('takes the beginnings of words, in any order and case', () => {
    expect(matching(entries, 'WEBHOOK new')).toEqual([entries[0]]);
    expect(matching(entries, 'n prod')).toEqual([entries[1]]);
    expect(matching(entries, 'new')).toEqual(entries);
    expect(matching(entries, ' ')).toEqual(entries);
    expect(matching(entries, 'new device')).toEqual([]);
    expect(matching(entries, 'hook')).toEqual([]);
  });
});
