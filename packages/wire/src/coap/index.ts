export type { Block, BlockResult } from './block.ts';
export { BlockAssembler, blockSize, decodeBlock, encodeBlock } from './block.ts';
export { CoapCode, formatCode, isRequestCode, isSuccessCode } from './code.ts';
export type { ReliabilityTimers } from './con-exchanges.ts';
export { ConExchanges, DEVICE_RELIABILITY } from './con-exchanges.ts';
export { decodeCoap } from './decode-coap.ts';
export { emptyAck, emptyCon, encodeCoap, reset } from './encode-coap.ts';
export type { CoapFields, CoapMessage, CoapOption, CoapOptionFields } from './message.ts';
export { CoapType } from './message.ts';
export {
  CoapOptionNumber,
  decodeUint,
  encodeUint,
  findOption,
  findUint,
  isCritical,
  optionValues,
  unknownCriticalOption,
} from './option.ts';
export { DEDUPLICATION_MS, RecentMessages } from './recent-messages.ts';
export { oneByteToken } from './token.ts';
