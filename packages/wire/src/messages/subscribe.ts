import type { DeviceId } from '@cloudchamber/kernel';
import { parseDeviceId } from '@cloudchamber/kernel';
import type { CoapMessage, CoapOptionFields } from '../coap/index.ts';
import { CoapCode, CoapOptionNumber, CoapType, encodeCoap, optionValues } from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import { checkLength, MAX_NAME_BYTES } from './limits.ts';
import { pathName } from './request-path.ts';
import { decodeUtf8 } from './utf8.ts';

/** What a subscription's handler takes: text only, any data, or CBOR only (protocol section 5.4). */
export type SubscriptionContent = 'text' | 'binary' | 'cbor';

export interface SubscribeFields {
  /** Prefix of event names, compared byte by byte; empty for every event. */
  readonly prefix: string;
  readonly accepts: SubscriptionContent;
  /** Device OS up to 6.1 asked for events of its owner's devices only. All events are private now, so it changes nothing (MSG-08). */
  readonly ownDevicesOnly: boolean;
  /** Old API: only events of this device. */
  readonly deviceFilter?: DeviceId;
}

const CLAUSE = 'protocol section 5.4';
const PATH = { number: CoapOptionNumber.URI_PATH, value: 'e' };

/** GET /e/prefix. @throws WireError `too_large` for a prefix above 64 bytes. */
export function encodeSubscribe(
  subscription: {
    readonly id: number;
    readonly confirmable?: boolean;
    readonly prefix: string;
  } & Partial<SubscribeFields>,
): Buffer {
  const { prefix, accepts, deviceFilter } = subscription;
  checkLength(prefix, MAX_NAME_BYTES, CLAUSE);
  const options: CoapOptionFields[] = [PATH];
  if (prefix !== '') options.push({ number: CoapOptionNumber.URI_PATH, value: prefix });
  if (subscription.ownDevicesOnly) options.push({ number: CoapOptionNumber.URI_QUERY, value: 'u' });
  if (accepts === 'binary') options.push({ number: CoapOptionNumber.URI_QUERY, value: 'b' });
  if (accepts === 'cbor') options.push({ number: CoapOptionNumber.URI_QUERY, value: 'c' });
  return encodeCoap({
    type: subscription.confirmable === false ? CoapType.NON : CoapType.CON,
    code: CoapCode.GET,
    id: subscription.id,
    options,
    payload: deviceFilter,
  });
}

/**
 * The subscription in a GET /e. Queries other than `u`, `b` and `c` are skipped.
 * @throws WireError `malformed` for a prefix that is not UTF-8 or a payload that is no device id, `too_large` for a prefix above 64 bytes.
 */
export function decodeSubscribe(message: CoapMessage): SubscribeFields {
  const queries = optionValues(message, CoapOptionNumber.URI_QUERY).map((value) => decodeUtf8(value, CLAUSE));
  const accepts = queries.includes('c') ? 'cbor' : queries.includes('b') ? 'binary' : 'text';
  const fields = { prefix: pathName(message, CLAUSE), accepts, ownDevicesOnly: queries.includes('u') } as const;
  if (message.payload.length === 0) return fields;
  const deviceFilter = parseDeviceId(decodeUtf8(message.payload, CLAUSE));
  if (deviceFilter === undefined) throw new WireError('malformed', 'a device filter that is no device id', CLAUSE);
  return { ...fields, deviceFilter };
}
