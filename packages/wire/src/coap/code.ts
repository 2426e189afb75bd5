import { WireError } from '../wire-error.ts';

/** The CoAP codes that the device protocol uses, as the byte on the wire: class in the top 3 bits, detail below (RFC 7252 section 12.1, RFC 7959). */
export const CoapCode = {
  EMPTY: 0x00,
  GET: 0x01,
  POST: 0x02,
  PUT: 0x03,
  DELETE: 0x04,
  CREATED: 0x41,
  DELETED: 0x42,
  VALID: 0x43,
  CHANGED: 0x44,
  CONTENT: 0x45,
  CONTINUE: 0x5f,
  BAD_REQUEST: 0x80,
  UNAUTHORIZED: 0x81,
  BAD_OPTION: 0x82,
  FORBIDDEN: 0x83,
  NOT_FOUND: 0x84,
  METHOD_NOT_ALLOWED: 0x85,
  NOT_ACCEPTABLE: 0x86,
  REQUEST_ENTITY_INCOMPLETE: 0x88,
  PRECONDITION_FAILED: 0x8c,
  REQUEST_ENTITY_TOO_LARGE: 0x8d,
  UNSUPPORTED_CONTENT_FORMAT: 0x8f,
  INTERNAL_SERVER_ERROR: 0xa0,
  NOT_IMPLEMENTED: 0xa1,
  BAD_GATEWAY: 0xa2,
  SERVICE_UNAVAILABLE: 0xa3,
  GATEWAY_TIMEOUT: 0xa4,
} as const;

/** `0x45` as `2.05`, the way RFC 7252 section 5.2 writes it. */
export function formatCode(code: number): string {
  return `${code >> 5}.${String(code & 0x1f).padStart(2, '0')}`;
}

/** Whether the code asks for something: class 0 without 0.00. */
export function isRequestCode(code: number): boolean {
  return code !== CoapCode.EMPTY && code >> 5 === 0;
}

/** Whether a response says that it worked. An empty ACK counts: the protocol uses it as plain consent (protocol section 3.2). */
export function isSuccessCode(code: number): boolean {
  return code < 0x80;
}

/** @throws WireError `malformed` for a reserved class: 1, 3, 6 or 7 (RFC 7252 section 12.1). */
export function checkCodeClass(code: number): void {
  const codeClass = code >> 5;
  if (codeClass !== 0 && codeClass !== 2 && codeClass !== 4 && codeClass !== 5) {
    throw new WireError('malformed', `code class ${codeClass}`, 'RFC 7252 12.1', 1);
  }
}
