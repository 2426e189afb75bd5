export { OutboundClient } from './outbound-client.ts';
export { OutboundError } from './outbound-error.ts';
export type { OutboundReply, OutboundRequest } from './request.ts';
export type { ResolveName } from './resolve-name.ts';
