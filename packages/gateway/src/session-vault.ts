import type { DeviceId } from '@cloudchamber/kernel';
import type { SessionSecrets } from '@cloudchamber/wire';
import type { HelloFacts, OfflineReason } from './ports.ts';

/** What stays the same for as long as a DTLS session lasts. */
export type SessionKeys = Omit<SessionSecrets, 'readTop' | 'readWindow' | 'writeSequence'>;

/** What changes of a session with its records. Times are wall ms. */
export interface SessionProgress {
  /** The receive window: `SessionSecrets`. */
  readonly readTop: number;
  readonly readWindow: readonly [high: number, low: number];
  /** No record of this sequence number or above was ever sent. */
  readonly writeCeiling: number;
  readonly address: string;
  readonly port: number;
  readonly heardAt: number;
  /** Why the device counts as offline; undefined while it is online. */
  readonly offline: OfflineReason | undefined;
  readonly silenceAllowedMs: number;
  /** A subscription of this session has replaced the device's earlier set. */
  readonly subscribed: boolean;
  /** The message id of the cloud's next message to the device; undefined when it has sent none. */
  readonly nextMessageId: number | undefined;
  /** The message ids of the events that were stored, as a window of 64. */
  readonly published: MessageIdWindow;
}

/** `top` is the newest id, or -1 for none; bit 0 of `low` is `top` itself, bit 31 of `high` the id 63 before it. */
export interface MessageIdWindow {
  readonly top: number;
  readonly high: number;
  readonly low: number;
}

/** Everything by which a later process continues a session (protocol section 1.9). */
export interface StoredSession {
  readonly deviceId: DeviceId;
  readonly keys: SessionKeys;
  readonly hello: HelloFacts;
  /** When the handshake ended, wall ms. */
  readonly startedAt: number;
  readonly progress: SessionProgress;
}

/** A session in the vault, which asks it for its progress when a commit begins. */
export interface ProgressSource {
  progress(): SessionProgress;
  /** That is durable now. */
  stored(progress: SessionProgress): void;
}

/** One session's place in the vault. */
export interface VaultEntry {
  /** The session has changed. Its progress is asked for when the next commit begins; an event published after this call is in that commit or a later one. */
  note(): void;
  /** The device has said Hello again. Resolves when that is durable. */
  greeted(hello: HelloFacts): Promise<void>;
  /** The session is over. Nothing waits for it: at worst a later process holds a session that nobody uses. */
  remove(): void;
}

/** Where sessions outlive the process, with their keys sealed. */
export interface SessionVault {
  /** Stores a new session. Resolves when it is durable. */
  save(session: StoredSession, source: ProgressSource): Promise<VaultEntry>;
  /** Takes charge of a session that this vault has loaded. */
  adopt(session: StoredSession, source: ProgressSource): VaultEntry;
  /** Resolves when everything noted before the call is durable; rejects when it isn't, and it stays noted. */
  settled(): Promise<void>;
}
