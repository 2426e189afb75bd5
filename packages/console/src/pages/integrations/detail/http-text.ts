/** A request or a reply as the log of an integration keeps it (RFC 9112, section 2). */
export interface HttpText {
  /** Such as `POST /in HTTP/1.1`; undefined when the text is no message but says why there was none. */
  readonly start: string | undefined;
  /** Lines as they were. */
  readonly headers: readonly string[];
  readonly body: string;
  /** The body with its JSON spread over lines; undefined when it is no JSON object or list. */
  readonly pretty: string | undefined;
}

const START = /^(?:HTTP\/1\.1 \d{3}|[A-Z]+ \S* HTTP\/1\.1)/;

export function parseHttpText(text: string): HttpText {
  if (!START.test(text)) return { start: undefined, headers: [], body: text, pretty: undefined };
  const end = text.indexOf('\r\n\r\n');
  const [start, ...headers] = (end === -1 ? text : text.slice(0, end)).split('\r\n');
  const body = end === -1 ? '' : text.slice(end + 4);
  return { start, headers, body, pretty: prettyJson(body) };
}

/** @returns JSON spread over lines; undefined for what is no JSON object or list, or would lose digits by it */
export function prettyJson(text: string): string | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // Numbers longer than those of JavaScript would change.
    return /\d{16}/.test(text) ? undefined : JSON.stringify(value, null, 2);
  } catch {
    return undefined;
  }
}
