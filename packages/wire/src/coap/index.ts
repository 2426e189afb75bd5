export type { Block, BlockResult } from './block.ts';
export { BlockAssembler, blockSize, decodeBlock, encodeBlock } from './block.ts';
export { CoapCode, formatCode, isRequestCode, isResponseCode, isSuccessCode } from './code.ts';
export type { ReliabilityTimers } from './con-exchanges.ts';
export { ConExchanges, DEVICE_RELIABILITY } from './con-exchanges.ts';
export type { CoapFields, CoapMessage, CoapOption, CoapOptionFields } from './message.ts';
export { CoapType, decodeCoap, emptyAck, emptyCon, encodeCoap, reset } from './message.ts';
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
