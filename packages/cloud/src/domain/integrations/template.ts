import mustache, { type TemplateSpans } from 'mustache';
import { invalidSettings } from './integration-errors.ts';

/** A part of a compiled template. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly path: string; readonly escaped: boolean }
  | { readonly kind: 'section'; readonly path: string; readonly inverted: boolean; readonly parts: readonly Part[] };

/** Characters of one template. */
const MOST_TEMPLATE_LENGTH = 32_768;
/** Characters between the braces of one tag: what the parser does grows with their square. */
const MOST_TAG_LENGTH = 1000;
/** Sections inside each other. */
const MOST_NESTING = 20;
/** Characters of all templates that are kept compiled. */
const MOST_CACHED_LENGTH = 4_194_304;

/** Compiled templates, the one that was used longest ago first. */
const cache = new Map<string, readonly Part[]>();
let cachedLength = 0;

const parser = new mustache.Writer();

/**
 * Compiles a Mustache template (section 4.2 of the event notes). A partial renders empty; delimiters cannot be changed.
 * @param template at most 32,768 characters
 * @returns its parts; compiled once while it is in use.
 * @throws DomainError `integration.invalid` that says what is wrong with it.
 */
export function compileTemplate(template: string): readonly Part[] {
  if (template.length > MOST_TEMPLATE_LENGTH) {
    throw invalidSettings(`A template has at most ${MOST_TEMPLATE_LENGTH} characters`);
  }
  if (!template.includes('{{')) return [{ kind: 'text', text: template }];
  const known = cache.get(template);
  if (known !== undefined) {
    cache.delete(template);
    cache.set(template, known);
    return known;
  }
  checkTags(template);
  const parts = partsOf(parse(template), 1);
  keep(template, parts);
  return parts;
}

function keep(template: string, parts: readonly Part[]): void {
  cache.set(template, parts);
  cachedLength += template.length;
  for (const oldest of cache.keys()) {
    if (cachedLength <= MOST_CACHED_LENGTH) return;
    cache.delete(oldest);
    cachedLength -= oldest.length;
  }
}

/** Every tag must end soon: the parser searches for ends with patterns whose time grows with the square of what they skip. */
function checkTags(template: string): void {
  for (let at = template.indexOf('{{'); at !== -1; at = template.indexOf('{{', at)) {
    const begin = at + 2;
    const inside = template.slice(begin, begin + MOST_TAG_LENGTH + 3);
    const sign = inside.trimStart()[0];
    if (sign === '=') throw invalidSettings('A template cannot change its delimiters');
    const close = sign === '{' ? '}}}' : '}}';
    const end = inside.indexOf(close);
    if (end === -1) {
      const shown = template.slice(at, at + 20);
      throw invalidSettings(`The tag that begins with ${shown} is not closed within ${MOST_TAG_LENGTH} characters`);
    }
    at = begin + end + close.length;
  }
}

function parse(template: string): TemplateSpans {
  try {
    return parser.parse(template);
  } catch (error) {
    throw invalidSettings(error instanceof Error ? error.message : 'The template cannot be read');
  } finally {
    // Its own cache would grow for ever.
    parser.clearCache();
  }
}

function partsOf(tokens: TemplateSpans, depth: number): Part[] {
  if (depth > MOST_NESTING) throw invalidSettings(`A template has at most ${MOST_NESTING} sections inside each other`);
  return tokens.flatMap((token): Part[] => {
    const [kind, value, , , inner] = token;
    switch (kind) {
      case 'text':
        return [{ kind: 'text', text: value }];
      case 'name':
        return [{ kind: 'value', path: value, escaped: true }];
      case '&':
        return [{ kind: 'value', path: value, escaped: false }];
      case '#':
      case '^': {
        const parts = partsOf(Array.isArray(inner) ? inner : [], depth + 1);
        return [{ kind: 'section', path: value, inverted: kind === '^', parts }];
      }
      default:
        return [];
    }
  });
}
