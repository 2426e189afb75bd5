import { describe, expect, it } from 'vitest';
import { deadLinkPage, passwordPage } from './mail-link-pages.ts';

const form = { action: '/reset', token: 'abc"<', note: 'All are logged out.' };

describe('the pages behind mailed links', () => {
  it('names its field, says the rule and what happens', () => {
    const { text } = passwordPage(form).body;
    expect(text).toContain('<label for="password">');
    expect(text).toContain('aria-describedby="rule"');
    expect(text).toContain('id="rule"');
    expect(text).toContain('All are logged out.');
    expect(text).not.toContain('role="alert"');
    expect(text).not.toContain('aria-invalid');
  });

  it('ties what is wrong to the field, and keeps the token as text', () => {
    const { text } = passwordPage({ ...form, problem: 'it is <short>' }).body;
    expect(text).toContain('Not changed: it is &lt;short&gt;. Choose another one.');
    expect(text).toContain('aria-describedby="problem rule" aria-invalid="true"');
    expect(text).toContain('value="abc&quot;&lt;"');
  });

  it('says how to get a new link', () => {
    expect(deadLinkPage('Ask <again>.').body.text).toContain('Ask &lt;again&gt;.');
  });
});
