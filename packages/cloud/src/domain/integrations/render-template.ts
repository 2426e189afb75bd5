import { DomainError } from '../domain-error.ts';
import { compileTemplate, type Part } from './template.ts';

/** What names are looked up in: own keys of `value`, else of the scopes around it. */
export interface Scope {
  readonly value: unknown;
  readonly around?: Scope | undefined;
}

/** Characters that the templates of one request may render to, all together. */
const MOST_OUTPUT = 262_144;
/** Parts that they may render, counting each turn of a loop. */
const MOST_STEPS = 50_000;
/** Lists inside each other that are shown as text. */
const MOST_LIST_DEPTH = 10;

/** What rendering may still cost; one for all templates of a request. */
export class RenderBudget {
  #output = MOST_OUTPUT;
  #steps = MOST_STEPS;

  /** @throws DomainError `integration.template_too_large` */
  spend(steps: number, characters: number): void {
    this.#steps -= steps;
    this.#output -= characters;
    if (this.#steps < 0 || this.#output < 0) {
      throw new DomainError(
        'too_large',
        'integration.template_too_large',
        'The templates render too much: make them, or what they loop over, shorter',
      );
    }
  }
}

/** Text, or JSON whose keys and texts are templates. */
export type TemplateTree = unknown;

/**
 * Renders a Mustache template (section 4.2 of the event notes): `{{x}}` with `& < > " '` escaped for HTML, `{{{x}}}` and `{{&x}}` as it is, paths with
 * dots and indexes of lists, sections and inverted sections. What is missing renders empty, so do partials and whatever JavaScript objects inherit.
 * @throws DomainError `integration.invalid` for what is no template, `integration.template_too_large` beyond the budget.
 */
export function renderTemplate(template: string, scope: Scope, budget = new RenderBudget()): string {
  return renderParts(compileTemplate(template), scope, budget);
}

/** Renders every text inside a JSON value, keys too; what is no text stays as it is. @throws DomainError as `renderTemplate` */
export function renderTree(tree: TemplateTree, scope: Scope, budget = new RenderBudget()): unknown {
  if (typeof tree === 'string') return renderTemplate(tree, scope, budget);
  budget.spend(1, 0);
  if (Array.isArray(tree)) return tree.map((item) => renderTree(item, scope, budget));
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [renderTemplate(key, scope, budget), renderTree(value, scope, budget)]),
  );
}

function renderParts(parts: readonly Part[], scope: Scope, budget: RenderBudget): string {
  let text = '';
  for (const part of parts) {
    const rendered = renderPart(part, scope, budget);
    text += rendered;
  }
  return text;
}

function renderPart(part: Part, scope: Scope, budget: RenderBudget): string {
  if (part.kind === 'text') {
    budget.spend(1, part.text.length);
    return part.text;
  }
  const value = lookUp(part.path, scope, budget);
  if (part.kind === 'section') return renderSection(part, value, scope, budget);
  const text = textOf(value, budget, 0);
  const shown = part.escaped ? escapeHtml(text) : text;
  budget.spend(1, shown.length);
  return shown;
}

function renderSection(
  { inverted, parts }: Extract<Part, { kind: 'section' }>,
  value: unknown,
  scope: Scope,
  budget: RenderBudget,
): string {
  budget.spend(1, 0);
  const list = Array.isArray(value) ? (value as readonly unknown[]) : undefined;
  const there = list === undefined ? Boolean(value) : list.length > 0;
  if (inverted) return there ? '' : renderParts(parts, scope, budget);
  if (!there) return '';
  if (list === undefined) return renderParts(parts, value === true ? scope : { value, around: scope }, budget);
  let text = '';
  for (const item of list) {
    budget.spend(1, 0);
    text += renderParts(parts, { value: item, around: scope }, budget);
  }
  return text;
}

function lookUp(path: string, scope: Scope, budget: RenderBudget): unknown {
  if (path === '.') return scope.value;
  const names = path.split('.');
  for (let at: Scope | undefined = scope; at !== undefined; at = at.around) {
    budget.spend(names.length, 0);
    const found = follow(names, at.value);
    if (found !== undefined) return found.value;
  }
  return undefined;
}

function follow(names: readonly string[], from: unknown): { readonly value: unknown } | undefined {
  let value = from;
  for (const name of names) {
    if (typeof value === 'string' && name === 'length' && names.length > 1) value = value.length;
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, name)) {
      value = (value as Readonly<Record<string, unknown>>)[name];
    } else return undefined;
  }
  return { value };
}

/** As JavaScript joins and names them: lists with commas, objects without their contents. */
function textOf(value: unknown, budget: RenderBudget, depth: number): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    budget.spend(value.length, 0);
    return depth === MOST_LIST_DEPTH ? '' : value.map((item) => textOf(item, budget, depth + 1)).join(',');
  }
  return typeof value === 'object' && value !== null ? '[object Object]' : '';
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
