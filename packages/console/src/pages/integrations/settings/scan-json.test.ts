import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf, scanJson } from './scan-json.ts';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function placeOf(text: string) {
  const { problem } = scanJson(text);
  return problem && { ...lineOf(text, problem.offset), message: problem.message };
}

describe('scanJson', () => {
  it('takes what JSON.parse takes, and nothing else', () => {
    const json = fc.json({ maxDepth: 4 });
    const damaged = fc
      .tuple(json, fc.nat(), fc.constantFrom('', '"', ',', '{', ']', '\\', "'", '\n', '0', 'x', 'e'))
      .map(([text, at, sign]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + sign + text.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(json, damaged, fc.string()), (text) => {
        expect(scanJson(text).problem === undefined).toBe(parses(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('tells line, column and what is wrong', () => {
    expect(placeOf('{\n  "event": "temp",\n  "url": \'x\'\n}')).toEqual({
      line: 3,
      column: 10,
      message: 'Texts stand in double quotes',
    });
    expect(placeOf('{\n  "event": "temp",\n}')).toEqual({
      line: 3,
      column: 1,
      message: 'No comma may stand before the }',
    });
    expect(placeOf('{"a": 1 "b": 2}')).toEqual({ line: 1, column: 9, message: 'Here must be a comma or }' });
    expect(placeOf('{"a": "x')?.message).toBe('This text has no closing quote');
    expect(placeOf('{"a": 1} x')?.message).toBe('Nothing may follow the last bracket');
    expect(placeOf('')?.message).toBe('The text ends too early: a value is missing');
  });

  it('stops at a depth that no settings have', () => {
    expect(scanJson('['.repeat(100_000)).problem?.message).toContain('inside each other');
  });

  it('finds the outermost keys, and those that stand twice', () => {
    const { keys, repeated } = scanJson('{"a": {"b": 1, "b": 2}, "c": 3}');
    expect([...keys]).toEqual([
      ['a', 1],
      ['c', 24],
    ]);
    expect(repeated).toEqual(['b']);
  });
});
