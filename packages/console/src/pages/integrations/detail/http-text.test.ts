import { describe, expect, it } from 'vitest';
import { parseHttpText, prettyJson } from './http-text.ts';

describe('parseHttpText', () => {
  it('takes a message apart', () => {
    expect(parseHttpText('POST /in?a=1 HTTP/1.1\r\nhost: x\r\nA: b\r\n\r\n{"t":1}')).toEqual({
      start: 'POST /in?a=1 HTTP/1.1',
      headers: ['host: x', 'A: b'],
      body: '{"t":1}',
      pretty: '{\n  "t": 1\n}',
    });
    expect(parseHttpText('HTTP/1.1 204 No Content\r\n\r\n')).toMatchObject({
      headers: [],
      body: '',
      pretty: undefined,
    });
  });

  it('keeps what is no message', () => {
    expect(parseHttpText('ETIMEDOUT')).toEqual({ start: undefined, headers: [], body: 'ETIMEDOUT', pretty: undefined });
  });
});

describe('prettyJson', () => {
  it('leaves alone what it would change', () => {
    expect(prettyJson('{"n":12345678901234567890}')).toBeUndefined();
    expect(prettyJson('21.5')).toBeUndefined();
    expect(prettyJson('{"a":')).toBeUndefined();
  });
});
