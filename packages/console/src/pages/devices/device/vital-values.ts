/** A measure of the last vitals with its meaning. */
export interface VitalValue {
  /** Such as `device.network.signal.strength`. */
  readonly path: string;
  readonly title: string;
  /** With its unit. */
  readonly text: string;
  /** Undefined where nothing says what is good. */
  readonly health: 'healthy' | 'warning' | undefined;
  /** What the health means, or else what the value is. */
  readonly message: string | undefined;
}

type Tree = Readonly<Record<string, unknown>>;

/**
 * @param payload of the last vitals @param metadata a tree like it, with a leaf for each value that there may be
 * @returns the values that are there, in the order of importance that the metadata give
 */
export function vitalValues(payload: unknown, metadata: unknown): VitalValue[] {
  return leavesOf(metadata)
    .toSorted((a, b) => numberIn(a, 'priority', 1000) - numberIn(b, 'priority', 1000))
    .flatMap((leaf) => {
      const path = textIn(leaf, 'describes');
      const value = path === undefined ? undefined : valueAt(payload, path);
      if (path === undefined || value === undefined || value === null) return [];
      return [vitalOf(path, leaf, value, payload)];
    });
}

function vitalOf(path: string, leaf: Tree, value: unknown, payload: unknown): VitalValue {
  const title = textIn(leaf, 'title') ?? path;
  if (isTree(value)) {
    return { path, title, text: `could not be read (${String(value.err)})`, health: 'warning', message: undefined };
  }
  const health = healthOf(leaf, value, payload);
  const messages = treeIn(leaf, 'messages');
  return {
    path,
    title,
    text: textOf(leaf, value),
    health,
    message: textIn(messages, health ?? 'description') ?? textIn(messages, 'description'),
  };
}

function textOf(leaf: Tree, value: unknown): string {
  const units = treeIn(leaf, 'units');
  const unit = textIn(units, 'title');
  const shown = typeof value === 'number' ? converted(value, treeIn(units, 'convert')) : String(value);
  if (unit === 's' && typeof value === 'number') return durationText(value);
  if (unit === undefined) return String(shown).replaceAll('_', ' ');
  return unit === '%' ? `${shown} %` : `${shown} ${unit}`;
}

function converted(value: number, convert: Tree): string {
  const by = numberIn(convert, 'by', 1);
  const type = textIn(convert, 'type');
  const number =
    type === 'divide'
      ? value / by
      : type === 'multiply'
        ? value * by
        : type === 'round'
          ? Math.round(value / by) * by
          : value;
  return number.toLocaleString('en', { maximumFractionDigits: type === 'divide' ? 0 : 2 });
}

function healthOf(leaf: Tree, value: unknown, payload: unknown): VitalValue['health'] {
  const values = treeIn(leaf, 'values');
  if (Array.isArray(values.warning) && Array.isArray(values.healthy)) {
    return values.healthy.includes(value) ? 'healthy' : values.warning.includes(value) ? 'warning' : undefined;
  }
  const ranges = treeIn(leaf, 'ranges');
  const limit = numberIn(ranges, 'warning', Number.NaN);
  switch (ranges.type) {
    case 'below':
      return typeof value !== 'number' ? undefined : value < limit ? 'warning' : 'healthy';
    case 'above':
      return typeof value !== 'number' ? undefined : value > limit ? 'warning' : 'healthy';
    case 'ratio_above':
      return ratioHealth(ranges, payload);
    default:
      return undefined;
  }
}

function ratioHealth(ranges: Tree, payload: unknown): VitalValue['health'] {
  const [part, whole] = [ranges.param1, ranges.param2].map((path) =>
    typeof path === 'string' ? valueAt(payload, path) : undefined,
  );
  if (typeof part !== 'number' || typeof whole !== 'number' || whole === 0) return undefined;
  return part / whole > numberIn(ranges, 'ratio', 1) ? 'warning' : 'healthy';
}

/** @param seconds 0 or more @returns such as "2 d 3 h" */
export function durationText(seconds: number): string {
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

function leavesOf(tree: unknown): Tree[] {
  if (!isTree(tree)) return [];
  if (typeof tree.describes === 'string') return [tree];
  return Object.values(tree).flatMap(leavesOf);
}

function valueAt(tree: unknown, path: string): unknown {
  let at: unknown = tree;
  for (const name of path.split('.')) {
    if (!isTree(at)) return undefined;
    at = at[name];
  }
  return at;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function treeIn(tree: Tree, name: string): Tree {
  const value = tree[name];
  return isTree(value) ? value : {};
}

function textIn(tree: Tree, name: string): string | undefined {
  const value = tree[name];
  return typeof value === 'string' ? value : undefined;
}

function numberIn(tree: Tree, name: string, otherwise: number): number {
  const value = tree[name];
  return typeof value === 'number' ? value : otherwise;
}
