export * from './coap/index.ts';
export * from './crypto/index.ts';
export * from './dtls/index.ts';
export * from './firmware/index.ts';
export * from './messages/index.ts';
export * from './session/index.ts';
export type { WireErrorKind } from './wire-error.ts';
export { WireError } from './wire-error.ts';
export { WireReader } from './wire-reader.ts';
