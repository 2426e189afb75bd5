/** Content-Formats that events and Describe carry (RFC 7252 section 12.3, protocol sections 5.3 and 8.1). No option means text. */
export const ContentFormat = {
  TEXT: 0,
  JPEG: 22,
  PNG: 23,
  LINK: 40,
  XML: 41,
  OCTET_STREAM: 42,
  JSON: 50,
  CBOR: 60,
  /** CBOR that consumers should be shown as JSON. */
  JSON_AS_CBOR: 65001,
} as const;

const TEXT_FORMATS: ReadonlySet<number> = new Set([
  ContentFormat.TEXT,
  ContentFormat.LINK,
  ContentFormat.XML,
  ContentFormat.JSON,
]);

/** Whether a handler that takes text takes data of that format (protocol section 6.1). */
export function isTextFormat(contentFormat: number): boolean {
  return TEXT_FORMATS.has(contentFormat);
}
