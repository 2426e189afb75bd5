import type { DeviceId, Entropy } from '@cloudchamber/kernel';
import {
  equalConstantTime,
  hmacKey,
  hmacSha1,
  type PrivateKeyRsa,
  type PublicKeyRsa,
  parseRsaSpki,
} from '../crypto/index.ts';
import { WireError } from '../wire-error.ts';
import { AesFrames } from './aes-frames.ts';
import { ByteCollector } from './byte-collector.ts';
import { CREDENTIALS_LENGTH, readCredentials } from './credentials.ts';
import { decodeDeviceOffer, NONCE_LENGTH, OFFER_LENGTH, SHORT_OFFER_LENGTH } from './device-offer.ts';
import type { StreamHandshakeFailure, StreamHandshakeOutput } from './stream-handshake-output.ts';

export interface StreamServerHandshakeOptions {
  /** The cloud's RSA-2048 keys: a device holds the public half of one, and is answered with that one. */
  readonly identities: readonly [PrivateKeyRsa, ...PrivateKeyRsa[]];
  readonly entropy: Entropy;
}

/** Whom a device on TCP says to be. */
export interface OfferedPeer {
  readonly deviceId: DeviceId;
  /** SPKI; absent when the device doesn't show its key. Not proved. */
  readonly publicKey?: Uint8Array;
}

const OFFER_FORMS = [OFFER_LENGTH, SHORT_OFFER_LENGTH];

/**
 * The server's side of the handshake on TCP (protocol section 2.1) with neither clock nor socket: bytes in, outputs out. `start`, then `receive` for each piece of the
 * stream, and `useKey` when it asked for a key.
 *
 * Wrong padding and a wrong nonce take the same path, so that nobody can use the server's key through it.
 */
export class StreamServerHandshake {
  readonly #options: StreamServerHandshakeOptions;
  readonly #nonce: Uint8Array;
  readonly #offer: ByteCollector;
  /** A device without a key in its offer, and the key of ours that it holds. */
  #waitingFor: { readonly deviceId: DeviceId; readonly identity: PrivateKeyRsa } | undefined;
  #peer: OfferedPeer | undefined;
  #done = false;

  constructor(options: StreamServerHandshakeOptions) {
    this.#options = options;
    this.#nonce = options.entropy.bytes(NONCE_LENGTH);
    this.#offer = new ByteCollector(options.identities[0].size);
  }

  /** Whether it has established a session or failed. */
  get done(): boolean {
    return this.#done;
  }

  /** Whether the peer's answer to the nonce is here, readable or not. */
  get answered(): boolean {
    return this.#offer.complete !== undefined;
  }

  /** Who the peer says to be, once its answer could be read; stays when the handshake has failed. */
  get peer(): OfferedPeer | undefined {
    return this.#peer;
  }

  /** The server speaks first: a nonce. */
  start(): StreamHandshakeOutput[] {
    return [{ kind: 'send', bytes: this.#nonce }];
  }

  /** Bytes of the stream, in any pieces. */
  receive(bytes: Uint8Array): StreamHandshakeOutput[] {
    if (this.#done || bytes.length === 0) return [];
    // A device that has sent its part can't say more before it has its credentials.
    if (this.#waitingFor !== undefined || this.#offer.take(bytes).length > 0) return this.#fail('unexpected');
    const offer = this.#offer.complete;
    return offer === undefined ? [] : this.#opened(offer);
  }

  /** The key that is registered for the device that `key_wanted` named, as SPKI; undefined when there is none. */
  useKey(spki: Uint8Array | undefined): StreamHandshakeOutput[] {
    const waiting = this.#waitingFor;
    if (this.#done || waiting === undefined) return [];
    return spki === undefined ? this.#fail('unknown_key') : this.#answer(waiting.identity, waiting.deviceId, spki);
  }

  #opened(ciphertext: Buffer): StreamHandshakeOutput[] {
    const { identities, entropy } = this.#options;
    let answered: { readonly identity: PrivateKeyRsa; readonly offer: Uint8Array } | undefined;
    // Every key, even after one fitted: how long it takes tells nothing.
    for (const identity of identities) {
      const { message, length } = identity.decrypt(ciphertext, OFFER_FORMS, entropy.bytes(OFFER_LENGTH));
      const fits = equalConstantTime(message.subarray(0, NONCE_LENGTH), this.#nonce);
      if (fits) answered = { identity, offer: message.subarray(0, length) };
    }
    if (answered === undefined) return this.#fail('refused');
    const { identity } = answered;
    const { deviceId, publicKey } = decodeDeviceOffer(answered.offer);
    this.#peer = { deviceId, ...(publicKey !== undefined && { publicKey }) };
    if (publicKey !== undefined) return this.#answer(identity, deviceId, publicKey);
    this.#waitingFor = { deviceId, identity };
    return [{ kind: 'key_wanted', deviceId }];
  }

  /** Credentials that only the owner of the key can read, with the server's signature. */
  #answer(identity: PrivateKeyRsa, deviceId: DeviceId, spki: Uint8Array): StreamHandshakeOutput[] {
    const { entropy } = this.#options;
    const credentials = entropy.bytes(CREDENTIALS_LENGTH);
    let device: PublicKeyRsa;
    let sealed: Buffer;
    try {
      device = parseRsaSpki(spki, 1024);
      sealed = device.encrypt(credentials, entropy);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return this.#fail('bad_key');
    }
    const signature = identity.signBare(hmacSha1(hmacKey(credentials), sealed));
    const secrets = readCredentials(credentials);
    const { firstMessageId } = secrets;
    this.#done = true;
    return [
      { kind: 'send', bytes: Buffer.concat([sealed, signature]) },
      {
        kind: 'established',
        session: {
          deviceId,
          publicKey: device.spki,
          serverKey: identity.spki,
          frames: new AesFrames(secrets),
          firstMessageId,
        },
      },
    ];
  }

  #fail(reason: StreamHandshakeFailure): StreamHandshakeOutput[] {
    this.#done = true;
    return [{ kind: 'failed', reason }];
  }
}
