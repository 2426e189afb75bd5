export type { GatewayErrorCode } from './gateway-error.ts';
export { GatewayError } from './gateway-error.ts';
export type * from './ports.ts';
