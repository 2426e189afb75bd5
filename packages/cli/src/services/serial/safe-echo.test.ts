import { describe, expect, it } from 'vitest';
import { safeEcho } from './safe-echo.ts';

describe('safeEcho', () => {
  it.each([
    ['text', 'a\tb\r\nc ü', 'a\tb\r\nc ü'],
    ['colours', '\u001b[31;1mred\u001b[0m', '\u001b[31;1mred\u001b[0m'],
    ['moves of the cursor', 'a\u001b[2J\u001b[Hb', 'ab'],
    ['questions to the terminal', 'a\u001b[6nb\u001b[cc', 'abc'],
    ['titles', 'a\u001b]0;evil\u0007b', 'ab'],
    ['the clipboard', 'a\u001b]52;c;ZXZpbA==\u001b\\b', 'ab'],
    ['a reset', 'a\u001bcb', 'ab'],
    ['private modes that end like colours', 'a\u001b[?1mb\u001b[>4mc', 'abc'],
    ['bells and C1 controls', 'a\u0007b\u009bc', 'abc'],
    ['a string without end, up to the line end', 'a\u001b]0;long\nb', 'a\nb'],
    ['a sequence that another breaks', 'a\u001b[3\u001b[31mb', 'a\u001b[31mb'],
  ])('passes or drops %s', (_, given, shown) => {
    expect(safeEcho()(given)).toBe(shown);
    // Also byte by byte.
    const echo = safeEcho();
    expect([...given].map(echo).join('')).toBe(shown);
  });
});
