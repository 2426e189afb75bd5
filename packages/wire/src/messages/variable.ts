import type { CoapMessage } from '../coap/index.ts';
import { CoapCode, CoapOptionNumber, CoapType, encodeCoap, oneByteToken } from '../coap/index.ts';
import { checkName } from './limits.ts';
import { pathName } from './request-path.ts';
import { encodeResponse, separateType } from './response.ts';
import type { DeviceVariableType, VariableValue } from './variable-value.ts';
import { encodeVariableValue } from './variable-value.ts';

const CLAUSE = 'protocol section 6.3';
const PATH = { number: CoapOptionNumber.URI_PATH, value: 'v' };

/** GET /v/name. @throws WireError `malformed` for an empty name, `too_large` above 64 bytes. */
export function encodeVariableRequest(request: {
  readonly id: number;
  readonly token: number;
  readonly name: string;
}): Buffer {
  checkName(request.name, CLAUSE);
  return encodeCoap({
    type: CoapType.CON,
    code: CoapCode.GET,
    id: request.id,
    token: oneByteToken(request.token),
    options: [PATH, { number: CoapOptionNumber.URI_PATH, value: request.name }],
  });
}

/** The name in a GET /v. @throws WireError `malformed` when it is missing or not UTF-8, `too_large` above 64 bytes. */
export function decodeVariableRequest(message: CoapMessage): { readonly name: string } {
  const name = pathName(message, CLAUSE);
  checkName(name, CLAUSE);
  return { name };
}

/** The answer of a device: 2.05 with the value in the form of its declared type. Throws like `encodeVariableValue`. */
export function encodeVariableResponse(response: {
  readonly id: number;
  readonly token: Uint8Array;
  readonly type: DeviceVariableType;
  readonly value: VariableValue;
  readonly confirmable?: boolean;
}): Buffer {
  return encodeResponse({
    type: separateType(response.confirmable),
    id: response.id,
    token: response.token,
    code: CoapCode.CONTENT,
    payload: encodeVariableValue(response.type, response.value),
  });
}
