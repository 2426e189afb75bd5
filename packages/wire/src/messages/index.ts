export { ContentFormat, isTextFormat } from './content-format.ts';
export type { ApplicationDescribe, DeviceAsset, FirmwareModule, ModuleDependency, SystemDescribe } from './describe.ts';
export { ModuleFunction, ModuleStore, ModuleValidity } from './describe.ts';
export type { DescribePostFields, DescribeRequestFields } from './describe-exchange.ts';
export {
  DescribeFlag,
  encodeDescribePost,
  encodeDescribeRequest,
  encodeDescribeResponse,
} from './describe-exchange.ts';
export {
  decodeApplicationDescribe,
  decodeSystemDescribeJson,
  encodeApplicationDescribe,
  encodeCombinedDescribe,
  encodeSystemDescribeJson,
} from './describe-json.ts';
export { decodeSystemDescribe, encodeSystemDescribe } from './describe-protobuf.ts';
export type { Description } from './description.ts';
export { decodeDescription } from './description.ts';
export type { DeviceMessage } from './device-message.ts';
export { classifyFromDevice } from './device-message.ts';
export { encodeDiscardSession } from './discard-session.ts';
export type { EventFields, EventToEncode } from './event.ts';
export { encodeEvent, encodePublish } from './event.ts';
export type { EmptyMessage, MessageOrigin, ResponseMessage, UnsupportedMessage } from './exchange-message.ts';
export type { FunctionCallFields } from './function-call.ts';
export { decodeFunctionResult, encodeFunctionCall, encodeFunctionResult } from './function-call.ts';
export type { GoodbyeFields } from './goodbye.ts';
export { CloudDisconnectReason, encodeGoodbye } from './goodbye.ts';
export type { HelloFields } from './hello.ts';
export { encodeHello, encodeServerHello, HelloFlag } from './hello.ts';
export type { LedgerFields } from './ledger.ts';
export type { LegacyOtaChunkFields, LegacyOtaStartFields } from './legacy-ota.ts';
export {
  decodeLegacyOtaReady,
  encodeLegacyOtaChunk,
  encodeLegacyOtaFinish,
  encodeLegacyOtaMissing,
  encodeLegacyOtaReady,
  encodeLegacyOtaStart,
} from './legacy-ota.ts';
export { MAX_BODY_BYTES, MAX_NAME_BYTES, MAX_VALUE_BYTES } from './limits.ts';
export type { Metric } from './metrics.ts';
export { decodeMetrics, encodeMetrics, METRIC_NAMES } from './metrics.ts';
export type { OtaChunkAckFields, OtaChunkFields, OtaFinishFields, OtaStartFields } from './ota.ts';
export {
  decodeOtaStartAnswer,
  encodeOtaChunk,
  encodeOtaChunkAck,
  encodeOtaFinish,
  encodeOtaStart,
  encodeOtaStartAnswer,
} from './ota.ts';
export type { OtaFault } from './ota-fault.ts';
export { decodeOtaFault, encodeOtaFault, OtaFaultCode } from './ota-fault.ts';
export type { ResponseFields, ResponseToEncode } from './response.ts';
export { decodeResponse, encodeResponse } from './response.ts';
export type { ServerMessage } from './server-message.ts';
export { classifyFromServer } from './server-message.ts';
export { encodeSignal, encodeSignalAck } from './signal.ts';
export type { SubscribeFields, SubscriptionContent } from './subscribe.ts';
export { encodeSubscribe } from './subscribe.ts';
export { decodeTimeAnswer, encodeTimeAnswer, encodeTimeRequest } from './time.ts';
export { encodeVariableRequest, encodeVariableResponse } from './variable.ts';
export type { DeviceVariableType, VariableValue } from './variable-value.ts';
export { decodeVariableValue, encodeVariableValue, VARIABLE_TYPE_NUMBER } from './variable-value.ts';
