export type { Alert } from './alert.ts';
export { AlertDescription, AlertLevel, closeNotify, decodeAlert, encodeAlert } from './alert.ts';
export type { HandshakeFailure, HandshakeOutput, HandshakeTimers } from './handshake-output.ts';
export type { RecordView } from './record.ts';
export { CID_LENGTH, ContentType, carriesCid, cidOf, MAX_PLAINTEXT, parseRecords } from './record.ts';
export type { DtlsRole, OpenedRecord, SessionSecrets } from './record-session.ts';
export { RecordSession } from './record-session.ts';
export { REPLAY_WINDOW, ReplayWindow } from './replay-window.ts';
