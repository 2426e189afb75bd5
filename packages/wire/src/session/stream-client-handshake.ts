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
import { encodeDeviceOffer, NONCE_LENGTH } from './device-offer.ts';
import type { StreamHandshakeFailure, StreamHandshakeOutput } from './stream-handshake-output.ts';

export interface StreamClientHandshakeOptions {
  readonly deviceId: DeviceId;
  /** The device's RSA-1024 key. */
  readonly identity: PrivateKeyRsa;
  /** The server's RSA-2048 public key, 294 bytes of SPKI. */
  readonly serverSpki: Uint8Array;
  readonly entropy: Entropy;
  /** False for the form of very old Core firmware, which leaves its key out; true when absent. */
  readonly sendKey?: boolean;
}

/** The device's side of the handshake on TCP (protocol section 2.1) with neither clock nor socket. It begins by waiting: the server speaks first. */
export class StreamClientHandshake {
  readonly #options: StreamClientHandshakeOptions;
  readonly #server: PublicKeyRsa;
  readonly #nonce = new ByteCollector(NONCE_LENGTH);
  readonly #answer: ByteCollector;
  #offered = false;
  #done = false;

  /** @throws WireError `unsupported` when the server's key is not RSA-2048 */
  constructor(options: StreamClientHandshakeOptions) {
    this.#options = options;
    this.#server = parseRsaSpki(options.serverSpki, 2048);
    this.#answer = new ByteCollector(options.identity.size + this.#server.size);
  }

  get done(): boolean {
    return this.#done;
  }

  /** Bytes of the stream, in any pieces. */
  receive(bytes: Uint8Array): StreamHandshakeOutput[] {
    if (this.#done || bytes.length === 0) return [];
    return this.#offered ? this.#receiveAnswer(bytes) : this.#receiveNonce(bytes);
  }

  #receiveNonce(bytes: Uint8Array): StreamHandshakeOutput[] {
    if (this.#nonce.take(bytes).length > 0) return this.#fail('unexpected');
    const nonce = this.#nonce.complete;
    if (nonce === undefined) return [];
    this.#offered = true;
    const { deviceId, identity, entropy, sendKey = true } = this.#options;
    const offer = encodeDeviceOffer({ nonce, deviceId, ...(sendKey && { publicKey: identity.spki }) });
    return [{ kind: 'send', bytes: this.#server.encrypt(offer, entropy) }];
  }

  #receiveAnswer(bytes: Uint8Array): StreamHandshakeOutput[] {
    if (this.#answer.take(bytes).length > 0) return this.#fail('unexpected');
    const answer = this.#answer.complete;
    return answer === undefined ? [] : this.#opened(answer);
  }

  #opened(answer: Buffer): StreamHandshakeOutput[] {
    const { deviceId, identity, entropy } = this.#options;
    const sealed = answer.subarray(0, identity.size);
    const { message: credentials } = identity.decrypt(sealed, [CREDENTIALS_LENGTH], entropy.bytes(CREDENTIALS_LENGTH));
    if (!this.#isSigned(hmacSha1(hmacKey(credentials), sealed), answer.subarray(identity.size))) {
      return this.#fail('bad_signature');
    }
    this.#done = true;
    const secrets = readCredentials(credentials);
    const { firstMessageId } = secrets;
    const keys = { publicKey: identity.spki, serverKey: this.#server.spki };
    const session = { deviceId, ...keys, frames: new AesFrames(secrets), firstMessageId };
    return [{ kind: 'established', session }];
  }

  #isSigned(expected: Uint8Array, signature: Uint8Array): boolean {
    try {
      return equalConstantTime(this.#server.openSignature(signature), expected);
    } catch (error) {
      if (error instanceof WireError) return false;
      throw error;
    }
  }

  #fail(reason: StreamHandshakeFailure): StreamHandshakeOutput[] {
    this.#done = true;
    return [{ kind: 'failed', reason }];
  }
}
