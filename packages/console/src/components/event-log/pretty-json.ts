/**
 * @returns JSON of an object or a list with its lines indented; undefined for text that is no JSON, and for JSON that would look the same (UI-17). Numbers
 * keep every digit that they came with.
 */
export function prettyJson(text: string): string | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return indented(text);
}

const PART = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Works on the text, not on the parsed value: JavaScript would round long numbers and drop doubled keys. */
function indented(text: string): string {
  const parts = text.match(PART) ?? [];
  let out = '';
  let depth = 0;
  const newLine = () => `\n${'  '.repeat(depth)}`;
  for (const [at, part] of parts.entries()) {
    const isOpening = part === '{' || part === '[';
    const isClosing = part === '}' || part === ']';
    const isEmpty = isClosing && (parts[at - 1] === '{' || parts[at - 1] === '[');
    if (isClosing) {
      depth -= 1;
      if (!isEmpty) out += newLine();
    }
    out += part === ':' ? ': ' : part;
    if (isOpening) depth += 1;
    const next = parts[at + 1];
    if (part === ',' || (isOpening && next !== '}' && next !== ']')) out += newLine();
  }
  return out;
}
