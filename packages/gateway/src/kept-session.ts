import type { DeviceSession } from './device-session.ts';
import type { CommitWitness, ConnectAttempt, HelloFacts } from './ports.ts';
import type { PublishedIds } from './published-ids.ts';
import type { ProgressSource, SessionProgress, SessionVault, StoredSession, VaultEntry } from './session-vault.ts';
import { type NumberReserve, UdpLink } from './udp-link.ts';

/** Sequence numbers are reserved this many at a time. */
const RESERVED = 1024;
/** With fewer left, a mark reserves more: that costs nothing. */
const RENEWED_BELOW = 768;
/** With fewer left, a commit is asked for. */
const LOW_WATER = 512;

/**
 * A session's tie to the vault. Two rules make it safe to continue it after a crash: no record goes out whose number isn't below a ceiling that is stored,
 * and nothing in a record from the device is acted on before its number is stored, or in the same commit.
 */
export class KeptSession implements ProgressSource, NumberReserve {
  readonly #session: DeviceSession;
  readonly #link: UdpLink;
  readonly #vault: SessionVault;
  #entry: VaultEntry | undefined;
  #proposed = 0;
  #extending = false;

  constructor(session: DeviceSession, link: UdpLink, vault: SessionVault) {
    this.#session = session;
    this.#link = link;
    this.#vault = vault;
  }

  /** Stores a new session; resolves when it is durable. */
  async save({ deviceId, hello }: ConnectAttempt): Promise<void> {
    const { cid, clientKey, serverKey, clientIv, serverIv, peerSpki } = this.#link.record.exportSecrets();
    const keys = { cid, clientKey, serverKey, clientIv, serverIv, peerSpki };
    const progress = this.progress();
    this.#limit(progress.writeCeiling);
    const { startedAt } = this.#session;
    this.#entry = await this.#vault.save({ deviceId, keys, hello, startedAt, progress }, this);
  }

  /** Continues a session of an earlier process. It can't send before `stored` was called. */
  adopt(stored: StoredSession): void {
    this.#proposed = stored.progress.writeCeiling;
    this.#limit(this.#proposed);
    this.#entry = this.#vault.adopt(stored, this);
    this.#entry.note();
  }

  note(): void {
    this.#entry?.note();
  }

  /** Resolves when the numbers of all records so far are stored. */
  settled(): Promise<void> {
    return this.#vault.settled();
  }

  greeted(hello: HelloFacts): Promise<void> {
    return this.#entry?.greeted(hello) ?? Promise.resolve();
  }

  remove(): void {
    this.#entry?.remove();
    this.#entry = undefined;
  }

  /** For an event with that message id: it is remembered in the commit that stores the event. */
  witness(messageId: number): CommitWitness {
    return new PublishedNote(this.#session.published, messageId);
  }

  progress(): SessionProgress {
    const { record, address, port } = this.#link;
    const { environment, presence, subscribed, nextMessageId, published } = this.#session;
    const { clock } = environment;
    if (this.#proposed - record.writeSequence < RENEWED_BELOW) this.#proposed = record.writeSequence + RESERVED;
    return {
      readTop: record.readTop,
      readWindow: record.readWindow,
      writeCeiling: this.#proposed,
      address,
      port,
      heardAt: Math.round(clock.now() - (clock.monotonic() - presence.lastHeardAt)),
      offline: presence.offline,
      silenceAllowedMs: presence.silenceAllowedMs,
      subscribed,
      nextMessageId,
      published: published.window,
    };
  }

  stored({ writeCeiling }: SessionProgress): void {
    this.#limit(writeCeiling);
  }

  /** No record from the device may come to have more numbers reserved along with its own. */
  runningLow(): void {
    if (this.#extending || this.#entry === undefined) return;
    this.#extending = true;
    this.note();
    this.settled()
      .catch(() => this.#session.environment.counters.add('sequence_reservations_failed'))
      .finally(() => {
        this.#extending = false;
      });
  }

  #limit(ceiling: number): void {
    this.#link.limit(ceiling, LOW_WATER, this);
  }
}

/** Remembers an event's message id exactly when the event is stored. */
class PublishedNote implements CommitWitness {
  readonly #ids: PublishedIds;
  readonly #id: number;

  constructor(ids: PublishedIds, id: number) {
    this.#ids = ids;
    this.#id = id;
  }

  entering(): void {
    this.#ids.add(this.#id);
  }

  failed(): void {
    this.#ids.delete(this.#id);
  }
}

/**
 * Has the vault keep the session of a device that said Hello, or what it said when the session is kept already. Does nothing for links that end with the process.
 * @throws what the vault throws when the session can't be stored
 */
export async function keepSession(session: DeviceSession, attempt: ConnectAttempt): Promise<void> {
  const { link, environment, kept } = session;
  if (kept !== undefined) return kept.greeted(attempt.hello);
  if (environment.vault === undefined || !(link instanceof UdpLink)) return;
  const made = new KeptSession(session, link, environment.vault);
  await made.save(attempt);
  if (session.state === 'ended') made.remove();
  else session.kept = made;
}
