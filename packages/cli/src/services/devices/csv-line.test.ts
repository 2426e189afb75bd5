import { describe, expect, it } from 'vitest';
import { csvLine } from './csv-line.ts';

describe('csvLine', () => {
  it('quotes what has a comma, a quote or a line break, and nothing else', () => {
    expect(csvLine(['plain text', 'a,b', 'say "hi"', 'two\nlines', 'Küche'])).toBe(
      'plain text,"a,b","say ""hi""","two\nlines",Küche',
    );
  });

  it('keeps numbers, and leaves null empty', () => {
    expect(csvLine([-5, 21.5, true, null])).toBe('-5,21.5,true,');
  });

  it('makes no formula of a text', () => {
    expect(csvLine(['=1+1', '+49', '-x', '@a', '=HYPERLINK("x","y")'])).toBe(
      `'=1+1,'+49,'-x,'@a,"'=HYPERLINK(""x"",""y"")"`,
    );
  });
});
