import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../domain-error.ts';
import { RenderBudget, renderTemplate, renderTree } from './render-template.ts';
import { compileTemplate } from './template.ts';

const DATA = {
  a: { aa: 'testing', ab: 1234, ac: false, ad: null },
  b: 'x<&>"\'/`=',
  c: [{ ca: 'first' }, { ca: 'second' }],
  e: [],
  n: 0,
  list: [1, [2, 3]],
};
const render = (template: string, value: unknown = DATA) => renderTemplate(template, { value });

describe('renderTemplate', () => {
  it.each([
    ['{{{a.aa}}}', 'testing'],
    ['{{a.ab}}-{{a.ac}}-{{a.ad}}-{{a.none}}', '1234-false--'],
    ['{{b}}', 'x&lt;&amp;&gt;&quot;&#39;/`='],
    ['{{{b}}} {{&b}}', 'x<&>"\'/`= x<&>"\'/`='],
    ['{{{c.0.ca}}} {{c.1.ca}} {{c.2.ca}} {{c.length}}', 'first second  2'],
    ['{{#b}}there{{/b}}{{^b}}missing{{/b}}', 'there'],
    ['{{#z}}there{{/z}}{{^z}}missing{{/z}}', 'missing'],
    ['{{#c}}{{{ca}}}~{{/c}}', 'first~second~'],
    ['{{#c}}{{a.ab}}{{/c}}', '12341234'],
    ['{{#list}}{{.}};{{/list}}', '1;2,3;'],
    ['{{#a}}{{aa}}{{/a}}', 'testing'],
    ['{{#e}}x{{/e}}{{^e}}none{{/e}}{{#n}}x{{/n}}', 'none'],
    ['{{list}} {{a}}', '1,2,3 [object Object]'],
    ['{{! a comment }}x{{> partial}}y', 'xy'],
    ['{{#c}}\n  {{ca}}\n{{/c}}\n', '  first\n  second\n'],
    ['no tags } here', 'no tags } here'],
    ['', ''],
    ['{"value": {{{a.ab}}} }', '{"value": 1234 }'],
  ])('%j renders %j', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it('sees own keys only, never what objects inherit, and calls nothing', () => {
    for (const name of [
      'constructor',
      '__proto__',
      'toString',
      'a.constructor',
      'c.push',
      'b.length.constructor',
      'a.__proto__',
    ]) {
      expect(render(`[{{${name}}}{{#${name}}}in{{/${name}}}]`)).toBe('[]');
    }
    expect(render('{{f}}{{#f}}x{{/f}}', { f: () => 'called' })).toBe('x');
    expect(render('{{constructor}}', JSON.parse('{"constructor":"mine","__proto__":"too"}'))).toBe('mine');
  });

  it.each([
    ['{{a', /not closed/],
    ['{{#a}}', /Unclosed section "a"/],
    ['{{/a}}', /Unopened section/],
    ['{{#a}}{{/b}}', /Unclosed section/],
    ['{{{a}} ', /not closed/],
    ['{{=<% %>=}}<% a %>', /delimiters/],
    [`{{${'a'.repeat(1100)}}}`, /not closed within 1000/],
    ['{{#a}}'.repeat(25) + '{{/a}}'.repeat(25), /at most 20 sections/],
    ['x'.repeat(32_769), /at most 32768 characters/],
  ])('refuses %.30j', (template, why) => {
    expect(() => compileTemplate(template)).toThrow(why);
    expect(() => compileTemplate(template)).toThrow(DomainError);
  });

  it('ends hostile templates early', () => {
    const tenTimes = { l: Array.from({ length: 10 }, () => ({})), text: 'x'.repeat(1000) };
    const nested = `${'{{#l}}'.repeat(15)}x${'{{/l}}'.repeat(15)}`;
    expect(() => render(nested, tenTimes)).toThrow('The templates render too much');
    const loop = '{{#l}}{{{text}}}{{/l}}';
    expect(() => render(loop, { ...tenTimes, l: Array.from({ length: 1000 }, () => 1) })).toThrow('too much');
    const budget = new RenderBudget();
    expect(() => {
      for (let i = 0; i < 300; i++) renderTemplate('{{{text}}}', { value: tenTimes }, budget);
    }).toThrow('too much');
    const deep = JSON.parse('['.repeat(5000) + ']'.repeat(5000)) as unknown;
    expect(render('{{deep}}', { deep })).toBe('');
    expect(() => compileTemplate(`{{{a}}${' '.repeat(32_000)}`)).toThrow('not closed');
  });

  it('compiles a template once while it is in use', () => {
    expect(compileTemplate('{{once}} more')).toBe(compileTemplate('{{once}} more'));
    const before = compileTemplate('{{first}}');
    const filler = 'x'.repeat(32_000);
    for (let i = 0; i < 140; i++) compileTemplate(`{{a}}${i}${filler}`);
    expect(compileTemplate('{{first}}')).not.toBe(before);
  });

  it('renders texts and keys inside JSON, and nothing else', () => {
    expect(renderTree({ '{{a.aa}}': ['{{a.ab}}', 5, null, true, { x: '{{none}}' }] }, { value: DATA })).toEqual({
      testing: ['1234', 5, null, true, { x: '' }],
    });
  });

  it('renders or refuses any text, without any other error', () => {
    const pieces = fc.constantFrom(
      '{{',
      '}}',
      '{{{',
      '}}}',
      '#',
      '/',
      '^',
      'a',
      '.',
      ' ',
      '\n',
      '!',
      '>',
      '&',
      '=',
      'c',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (words) => {
        try {
          expect(render(words.join(''))).toEqual(expect.any(String));
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
