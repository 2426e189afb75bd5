import { WireError } from '../wire-error.ts';
import { ContentFormat } from './content-format.ts';
import type { ApplicationDescribe, SystemDescribe } from './describe.ts';
import { DescribeFlag } from './describe-exchange.ts';
import { decodeApplicationDescribe, decodeSystemDescribeJson } from './describe-json.ts';
import { decodeSystemDescribe } from './describe-protobuf.ts';
import type { Metric } from './metrics.ts';
import { decodeMetrics } from './metrics.ts';

/** A whole Describe document, decoded. */
export type Description =
  | { readonly kind: 'application'; readonly application: ApplicationDescribe }
  | { readonly kind: 'system'; readonly system: SystemDescribe }
  | { readonly kind: 'combined'; readonly application: ApplicationDescribe; readonly system: SystemDescribe }
  | { readonly kind: 'metrics'; readonly metrics: readonly Metric[] };

/**
 * The document that a device posted or answered with, put together from its blocks. `flags` are those of its POST or of our GET;
 * `contentFormat` tells the protobuf form of the system part from the JSON form.
 * @throws WireError `unsupported` for flags that no firmware uses, else like the decoders of the parts.
 */
export function decodeDescription(flags: number, contentFormat: number, payload: Uint8Array): Description {
  switch (flags) {
    case DescribeFlag.APPLICATION:
      return { kind: 'application', application: decodeApplicationDescribe(payload) };
    case DescribeFlag.SYSTEM: {
      const decode = contentFormat === ContentFormat.OCTET_STREAM ? decodeSystemDescribe : decodeSystemDescribeJson;
      return { kind: 'system', system: decode(payload) };
    }
    case DescribeFlag.SYSTEM | DescribeFlag.APPLICATION: {
      const application = decodeApplicationDescribe(payload);
      return { kind: 'combined', application, system: decodeSystemDescribeJson(payload) };
    }
    case DescribeFlag.METRICS:
      return { kind: 'metrics', metrics: decodeMetrics(payload) };
    default:
      throw new WireError('unsupported', `Describe flags ${flags}`, 'protocol section 8.1');
  }
}
