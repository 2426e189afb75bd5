import { CoapCode } from '../coap/index.ts';

/** Error numbers of Device OS that a firmware update ends with (protocol section 9.3). */
export const OtaFaultCode = {
  BUSY: -110,
  PROTOCOL: -240,
  INVALID_STATE: -210,
  TOO_LARGE: -190,
  INVALID_ARGUMENT: -270,
  VALIDATION_FAILED: -1320,
  INTEGRITY_CHECK_FAILED: -1330,
  RESUMED_UPDATE_FAILED: -1331,
  DEPENDENCY_CHECK_FAILED: -1340,
  INVALID_PLATFORM: -1360,
  INVALID_FORMAT: -1370,
  UPDATES_DISABLED: -1380,
} as const;

/** Why a device refused, as its JSON says: `{"code":-1380,"message":"…"}`. */
export interface OtaFault {
  readonly code: number;
  readonly message: string;
}

const LONGEST_MESSAGE = 200;
const BAD_REQUESTS: readonly number[] = [OtaFaultCode.INVALID_ARGUMENT, OtaFaultCode.TOO_LARGE];

/** The JSON, and the CoAP code that the number maps to (protocol section 9.3). */
export function encodeOtaFault(fault: OtaFault): { readonly code: number; readonly payload: string } {
  const code = BAD_REQUESTS.includes(fault.code) ? CoapCode.BAD_REQUEST : CoapCode.SERVICE_UNAVAILABLE;
  return { code, payload: JSON.stringify({ code: fault.code, message: fault.message }) };
}

/** What the JSON of an error answer says; undefined when there is none, as from old devices. */
export function decodeOtaFault(payload: Uint8Array): OtaFault | undefined {
  if (payload.length === 0 || payload.length > 1024) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString());
    if (typeof value !== 'object' || value === null || !('code' in value) || typeof value.code !== 'number') {
      return undefined;
    }
    const message = 'message' in value && typeof value.message === 'string' ? value.message : '';
    return { code: value.code, message: message.slice(0, LONGEST_MESSAGE) };
  } catch {
    return undefined;
  }
}
