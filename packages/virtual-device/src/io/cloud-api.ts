import { ChamberError, type DeviceId, errorMessage } from '@cloudchamber/kernel';
import { spkiFromPem } from '@cloudchamber/wire';

/** What devices need to know of a cloud before they can connect. */
export interface ServerKey {
  /** 91 bytes. */
  readonly spki: Uint8Array;
  /** Where it listens for devices. */
  readonly udpPort: number;
}

/** A device that a cloud is to know. */
export interface NewDevice {
  readonly deviceId: DeviceId;
  readonly identity: { readonly spki: Uint8Array };
}

type Body = Readonly<Record<string, unknown>>;

/** The few calls of the Cloud API that a fleet makes before it connects. Every failure says what to do about it. */
export class CloudApi {
  readonly #url: string;
  readonly #token: string | undefined;

  /** @param url such as `http://localhost:8080` @param token access token of the account that is to own the devices; not needed for `serverKey` */
  constructor(url: string, token?: string) {
    this.#url = url.replace(/\/+$/, '');
    this.#token = token;
  }

  /** The cloud's public key and UDP port, which it tells everybody. @throws ChamberError `cloud.unreachable`, `cloud.refused`, `cloud.bad_answer` */
  async serverKey(): Promise<ServerKey> {
    const { public_key: pem, udp_port: udpPort } = await this.#call('GET', '/v1/server-key');
    if (typeof pem !== 'string' || typeof udpPort !== 'number') throw badAnswer('/v1/server-key');
    return { spki: spkiFromPem(pem), udpPort };
  }

  /** Registers the device's public key, which does no harm again. Throws as `serverKey`. */
  async register({ deviceId, identity }: NewDevice): Promise<void> {
    await this.#call('POST', `/v1/provisioning/${deviceId}`, {
      deviceID: deviceId,
      publicKey: pemOf(identity.spki),
      filename: 'particle-api',
      algorithm: 'ecc',
    });
  }

  /** Registers the device's public key and claims the device for the token's account; both again do no harm. Throws as `serverKey`. */
  async adopt(device: NewDevice): Promise<void> {
    await this.register(device);
    await this.#call('POST', '/v1/devices', { id: device.deviceId });
  }

  /** Gives a claimed device its name. Throws as `serverKey`. */
  async rename(deviceId: DeviceId, name: string): Promise<void> {
    await this.#call('PUT', `/v1/devices/${deviceId}`, { name });
  }

  async #call(method: string, path: string, body?: Body): Promise<Body> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (this.#token !== undefined) headers.authorization = `Bearer ${this.#token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    try {
      response = await fetch(this.#url + path, { method, headers, body: body && JSON.stringify(body) });
    } catch (cause) {
      const why = cause instanceof Error && cause.cause !== undefined ? errorMessage(cause.cause) : errorMessage(cause);
      const message = `cannot reach the cloud at ${this.#url} (${why}): is it running, and is the URL right?`;
      throw new ChamberError('cloud.unreachable', 'peer', message, { cause });
    }
    const answer = await readObject(response);
    if (response.ok && answer !== undefined) return answer;
    if (response.ok) throw badAnswer(path);
    const said = answer?.error_description ?? answer?.error ?? response.statusText;
    const { status } = response;
    throw new ChamberError('cloud.refused', 'peer', `the cloud refused ${method} ${path}: ${status} ${said}`, {
      details: { status },
    });
  }
}

async function readObject(response: Response): Promise<Body | undefined> {
  try {
    const answer: unknown = await response.json();
    return typeof answer === 'object' && answer !== null ? (answer as Body) : undefined;
  } catch {
    return undefined;
  }
}

function badAnswer(path: string): ChamberError {
  return new ChamberError(
    'cloud.bad_answer',
    'peer',
    `${path} did not answer as a Cloud Chamber does: is the URL right?`,
  );
}

function pemOf(spki: Uint8Array): string {
  const lines =
    Buffer.from(spki)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
}
