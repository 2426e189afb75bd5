import { ByteWriter } from '@cloudchamber/kernel';
import { WireError } from '../wire-error.ts';
import { WireReader } from '../wire-reader.ts';
import { checkLength, MAX_BODY_BYTES } from './limits.ts';

/** One diagnostic value. `error` is the device's negative error number when its source failed. */
export type Metric = { readonly id: number; readonly value: number } | { readonly id: number; readonly error: number };

/** Names of the metrics by id (protocol section 8.4). */
export const METRIC_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'sys:reset'],
  [2, 'mem:free'],
  [3, 'batt:soc'],
  [4, 'sys:loop'],
  [5, 'app:loop'],
  [6, 'sys:uptime'],
  [7, 'batt:state'],
  [8, 'net:stat'],
  [9, 'net:err'],
  [10, 'cloud:stat'],
  [12, 'net:dconn'],
  [13, 'cloud:err'],
  [14, 'cloud:dconn'],
  [15, 'net:ip:addr'],
  [16, 'net:ip:gw'],
  [17, 'net:flags'],
  [18, 'net:cntry'],
  [19, 'net:rssi'],
  [20, 'pub:limit'],
  [21, 'coap:retransmit'],
  [22, 'coap:unack'],
  [23, 'coap:transmit'],
  [24, 'pwr:src'],
  [25, 'sys:tram'],
  [26, 'sys:uram'],
  [27, 'net:connatt'],
  [28, 'net:dconnrsn'],
  [29, 'cloud:connatt'],
  [30, 'cloud:dconnrsn'],
  [31, 'coap:roundtrip'],
  [33, 'net:sigstr'],
  [34, 'net:sigqual'],
  [35, 'net:sigqualv'],
  [36, 'net:at'],
  [37, 'net:sigstrv'],
  [40, 'net:cell:cgi:mcc'],
  [41, 'net:cell:cgi:mnc'],
  [42, 'net:cell:cgi:lac'],
  [43, 'net:cell:cgi:ci'],
  [44, 'cloud:connif'],
  [45, 'net:alt:sigstrv'],
  [46, 'net:alt:sigstr'],
  [47, 'net:alt:sigqual'],
  [48, 'net:alt:sigqualv'],
  [49, 'net:alt:at'],
  [60, 'sys:protected'],
]);

const CLAUSE = 'protocol section 8.4';
const FORMAT = 0;
const TYPE = 4;
const ID_SIZE = 2;
const VALUE_SIZE = 4;
const FAILED = 0x8000;

/** The binary form of Describe flag 4. Values are int32; the top bit of an id is taken by the failure mark. */
export function encodeMetrics(metrics: readonly Metric[]): Buffer {
  const writer = new ByteWriter(7 + metrics.length * (ID_SIZE + VALUE_SIZE));
  writer.u8(FORMAT).u16le(TYPE).u16le(ID_SIZE).u16le(VALUE_SIZE);
  for (const metric of metrics) {
    if ('error' in metric) writer.u16le(metric.id | FAILED).u32le(metric.error >>> 0);
    else writer.u16le(metric.id).u32le(metric.value >>> 0);
  }
  return writer.finish();
}

/**
 * Values come out as int32; for a metric that is unsigned take `value >>> 0`. An id with the top bit set reads as the failure of the id without
 * it, so values that an application defined itself (32768 and up) can't be told from failures.
 * @throws WireError `unsupported` for another layout, `truncated` inside a pair, `too_large` above 16384 bytes.
 */
export function decodeMetrics(payload: Uint8Array): Metric[] {
  checkLength(payload, MAX_BODY_BYTES, CLAUSE);
  const reader = new WireReader(payload, CLAUSE);
  if (
    reader.u8() !== FORMAT ||
    reader.u16le() !== TYPE ||
    reader.u16le() !== ID_SIZE ||
    reader.u16le() !== VALUE_SIZE
  ) {
    throw new WireError('unsupported', 'metrics of another layout', CLAUSE, reader.offset);
  }
  const metrics: Metric[] = [];
  while (reader.remaining > 0) {
    const id = reader.u16le();
    const value = reader.u32le() | 0;
    metrics.push(id & FAILED ? { id: id & ~FAILED, error: value } : { id, value });
  }
  return metrics;
}
