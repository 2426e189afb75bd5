import { WireError } from '../wire-error.ts';
import { checkLength, MAX_VALUE_BYTES } from './limits.ts';
import { decodeUtf8Leniently } from './utf8.ts';

export type DeviceVariableType = 'bool' | 'int' | 'string' | 'double';
export type VariableValue = boolean | number | string;

/** The numbers that stand for the types in Describe (protocol section 6.3). */
export const VARIABLE_TYPE_NUMBER: Readonly<Record<DeviceVariableType, number>> = {
  bool: 1,
  int: 2,
  string: 4,
  double: 9,
};

const CLAUSE = 'protocol section 6.3';

/** The type that Describe means, by number or by name; undefined when it is neither. */
export function variableType(described: unknown): DeviceVariableType | undefined {
  for (const [type, number] of Object.entries(VARIABLE_TYPE_NUMBER)) {
    if (described === number || described === type) return type as DeviceVariableType;
  }
  return undefined;
}

/**
 * The payload that carries a value of that type: 1 byte, int32 big-endian, the bytes of the text, or a double little-endian.
 * @throws WireError `malformed` when the value is of another type, `too_large` for text above 1024 bytes.
 */
export function encodeVariableValue(type: DeviceVariableType, value: VariableValue): Buffer {
  if (type === 'bool' && typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
  if (type === 'string' && typeof value === 'string') {
    checkLength(value, MAX_VALUE_BYTES, CLAUSE);
    return Buffer.from(value);
  }
  if (type === 'int' && typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value | 0);
    return bytes;
  }
  if (type === 'double' && typeof value === 'number') {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return bytes;
  }
  throw new WireError('malformed', `a ${typeof value} for a variable of type ${type}`, CLAUSE);
}

/**
 * The value in a response payload, which doesn't say its type: `type` is what Describe says of the variable (MSG-19).
 * Text is whatever the firmware holds, so bytes that are not UTF-8 become U+FFFD.
 * @throws WireError `malformed` for a length that the type can't have or a bool other than 0 and 1, `too_large` for text above 1024 bytes.
 */
export function decodeVariableValue(type: DeviceVariableType, payload: Uint8Array): VariableValue {
  if (type === 'string') {
    checkLength(payload, MAX_VALUE_BYTES, CLAUSE);
    return decodeUtf8Leniently(payload);
  }
  const length = { bool: 1, int: 4, double: 8 }[type];
  if (payload.length !== length) throw new WireError('malformed', `${payload.length} bytes for a ${type}`, CLAUSE);
  const view = new DataView(payload.buffer, payload.byteOffset, length);
  if (type === 'int') return view.getInt32(0);
  if (type === 'double') return view.getFloat64(0, true);
  const byte = view.getUint8(0);
  if (byte > 1) throw new WireError('malformed', `a bool of ${byte}`, CLAUSE);
  return byte === 1;
}
