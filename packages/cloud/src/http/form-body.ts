/** Bounds of a form or query: what is beyond them is refused. */
const MOST_PAIRS = 1000;
const MOST_DEPTH = 6;

const UNSAFE_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

interface Node {
  [name: string]: string | string[] | Node;
}

/** Why a form is refused; for people. */
export class FormError extends Error {}

/**
 * Parses urlencoded text. Brackets nest: `account_info[first_name]=Ann`; `a[]=1&a[]=2`, `a[0]=1&a[1]=2` and `a=1&a=2` make lists.
 * @returns an object without prototype; every leaf is a string.
 * @throws FormError for too many fields, too deep nesting and names that JavaScript reserves.
 */
export function parseForm(text: string): Record<string, unknown> {
  const root: Node = Object.create(null);
  let pairs = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    if (++pairs > MOST_PAIRS) throw new FormError('too many fields');
    place(root, pathOf(name), value);
  }
  return grouped(root);
}

/** As `parseForm` for the query of a URL, where a refusal cannot be answered yet: a query that breaks the rules counts as empty. */
export function parseQuery(text: string): Record<string, unknown> {
  try {
    return parseForm(text);
  } catch {
    return {};
  }
}

/** `a[b][c]` → a, b, c. Brackets that do not close are part of the name. */
function pathOf(name: string): string[] {
  const open = name.indexOf('[');
  if (open <= 0 || !name.endsWith(']')) return [safe(name)];
  const parts = [name.slice(0, open), ...name.slice(open + 1, -1).split('][')];
  if (parts.length > MOST_DEPTH) throw new FormError('fields are nested too deeply');
  return parts.map(safe);
}

function safe(name: string): string {
  if (UNSAFE_NAMES.includes(name)) throw new FormError(`a field may not be called ${name}`);
  return name;
}

function place(root: Node, path: readonly string[], value: string): void {
  let node = root;
  for (const part of path.slice(0, -1)) {
    const name = part === '' ? nextIndex(node) : part;
    let child = node[name];
    if (child === undefined) {
      child = Object.create(null) as Node;
      node[name] = child;
    }
    if (typeof child === 'string' || Array.isArray(child)) throw new FormError('a field is both a value and a group');
    node = child;
  }
  const last = path.at(-1) ?? '';
  const name = last === '' && path.length > 1 ? nextIndex(node) : last;
  const before = node[name];
  if (before === undefined) node[name] = value;
  else if (typeof before === 'string') node[name] = [before, value];
  else if (Array.isArray(before)) before.push(value);
  else throw new FormError('a field is both a value and a group');
}

function nextIndex(node: Node): string {
  return String(Object.keys(node).length);
}

/** A group as an object without prototype, with the groups in it whose names are 0, 1, 2 … turned into lists, all the way down. */
function grouped(node: Node): Record<string, unknown> {
  const group: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(node)) {
    group[name] = typeof value === 'string' || Array.isArray(value) ? value : listed(value);
  }
  return group;
}

function listed(node: Node): unknown {
  const group = grouped(node);
  const names = Object.keys(group);
  return names.length > 0 && names.every((name, index) => name === String(index)) ? Object.values(group) : group;
}
