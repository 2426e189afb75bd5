import type { DeviceId } from '@cloudchamber/kernel';
import {
  blockSize,
  type CoapMessage,
  DescribeFlag,
  decodeTimeAnswer,
  encodeDescribePost,
  encodeHello,
  encodePublish,
  encodeSubscribe,
  encodeTimeRequest,
  HelloFlag,
  isSuccessCode,
} from '@cloudchamber/wire';
import type { Application } from './application.ts';
import type { Connection } from './connection.ts';
import { DESCRIBE_SZX } from './describe-answers.ts';
import type { DeviceProfile } from './profiles/index.ts';

/** What a device says of itself at the start of a connection. */
export interface Introduction {
  readonly deviceId: DeviceId;
  readonly profile: DeviceProfile;
  readonly productId: number;
  readonly productVersion: number;
  readonly application: Application;
  /** A code that setup gave it, for the first connection after that (protocol section 7.1). */
  readonly claimCode: string | undefined;
  /** Whether its application lets updates in, and whether the cloud forces them on it. */
  readonly updates: { readonly enabled: boolean; readonly forced: boolean };
  /** The server has got Hello. */
  readonly greeted: () => void;
  /** Unix seconds out of the server's time answer. */
  readonly learnTime: (seconds: number) => void;
}

/**
 * A new session: Hello, then the system's Describe, each waiting for its ACK; then the rest at once (protocol section 4). Devices before 2.0 say nothing of
 * Describe: they are asked.
 * Resolves when every message is acknowledged: the device is connected. Rejects as `Connection.confirmable` does.
 */
export async function introduce(connection: Connection, device: Introduction): Promise<void> {
  await greet(connection, device);
  await Promise.all([
    requestTime(connection, device),
    publishUpdateFlags(connection, device),
    publishSafeMode(connection, device),
    publishClaimCode(connection, device),
    postApplication(connection, device),
    subscribeAll(connection, device.application),
  ]);
}

/**
 * A resumed session: a ping when the server still knows the device as it is, otherwise Hello; then only what has changed (protocol section 1.8).
 * `greeted` is called when the server has answered the first of it.
 */
export async function reintroduce(connection: Connection, device: Introduction, greeted: () => void): Promise<void> {
  const { application } = device;
  if (connection.progress.systemDigest === application.systemDigest()) await connection.ping();
  else await greet(connection, device);
  greeted();
  const { applicationDigest, subscriptionsDigest } = connection.progress;
  await Promise.all([
    publishUpdateFlags(connection, device),
    publishSafeMode(connection, device),
    applicationDigest === application.applicationDigest() ? undefined : postApplication(connection, device),
    subscriptionsDigest === application.subscriptionsDigest() ? undefined : subscribeAll(connection, application),
  ]);
}

/** GET /e for each subscription. Their digest counts as known to the server when it took all of them (protocol section 5.4). */
export async function subscribeAll(connection: Connection, application: Application): Promise<void> {
  const subscriptionsDigest = application.subscriptionsDigest();
  const ownDevicesOnly = !application.profile.typedEvents;
  const acks = await Promise.all(
    application
      .allSubscriptions()
      .map(({ prefix, accepts }) =>
        connection.deliver((id, confirmable) => encodeSubscribe({ id, confirmable, prefix, accepts, ownDevicesOnly })),
      ),
  );
  if (!acks.every(succeeded)) return;
  connection.progress.subscriptionsDigest = subscriptionsDigest;
  connection.save();
}

async function greet(connection: Connection, device: Introduction): Promise<void> {
  const { deviceId, productId, productVersion, application, profile } = device;
  const { platformId, maxMessageSize, maxBinarySize, otaChunkSize } = profile;
  const { helloFlags: flags, systemVersion } = application;
  const sizes = profile.helloSizes ? { systemVersion, maxMessageSize, maxBinarySize, otaChunkSize } : {};
  // Over TCP the handshake has told who it is.
  const named = connection.reliable ? {} : { deviceId };
  // The code of its ACK says nothing to a device (protocol section 5.1).
  await connection.deliver((id, confirmable) =>
    encodeHello({ id, confirmable, ...named, productId, productVersion, platformId, flags, ...sizes }),
  );
  // Over TCP there is no ACK, and the server says Hello too (protocol section 2.3).
  if (connection.reliable) await connection.greeted();
  device.greeted();
  const systemDigest = application.systemDigest();
  if (describesItself(profile) && !(await postDescribe(connection, application, DescribeFlag.SYSTEM))) return;
  connection.progress.systemDigest = systemDigest;
  connection.save();
}

async function postApplication(connection: Connection, { application, profile }: Introduction): Promise<void> {
  if (!describesItself(profile)) return;
  const applicationDigest = application.applicationDigest();
  if (!(await postDescribe(connection, application, DescribeFlag.APPLICATION))) return;
  connection.progress.applicationDigest = applicationDigest;
  connection.save();
}

/** POST /d, from 3.3 on with a token and in blocks of 1024 when it is longer; a block goes out after any ACK of the one before (protocol section 8.1). @returns whether the server took it */
export async function postDescribe(connection: Connection, application: Application, flags: number): Promise<boolean> {
  const part = application.describe(flags);
  if (part === undefined) return false;
  const { contentFormat, payload } = part;
  const size = blockSize(DESCRIBE_SZX);
  if (!application.profile.describe.blockwise) {
    return succeeded(await connection.confirmable((id) => encodeDescribePost({ id, flags, contentFormat, payload })));
  }
  if (payload.length <= size) {
    return succeeded(
      await connection.confirmable((id, token) => encodeDescribePost({ id, token, flags, contentFormat, payload })),
    );
  }
  let taken = true;
  for (let number = 0; number * size < payload.length; number++) {
    const block1 = { number, more: (number + 1) * size < payload.length, szx: DESCRIBE_SZX };
    const piece = payload.subarray(number * size, (number + 1) * size);
    const post = { flags, contentFormat, payload: piece, block1 };
    taken = succeeded(await connection.confirmable((id, token) => encodeDescribePost({ id, token, ...post })));
  }
  return taken;
}

async function requestTime(connection: Connection, device: Introduction): Promise<void> {
  const answer = await connection.confirmable((id, token) => encodeTimeRequest({ id, token }));
  if (answer.payload.length === 4) device.learnTime(decodeTimeAnswer(answer.payload));
}

/** Sent at each connection, and when the application changes its mind (protocol section 7.1). Older devices have no such flags. */
export async function publishUpdateFlags(
  connection: Connection,
  { profile, updates }: Pick<Introduction, 'profile' | 'updates'>,
): Promise<void> {
  if ((profile.helloFlags & HelloFlag.IMMEDIATE_UPDATES) === 0) return;
  const flag = (name: string, isSet: boolean) =>
    connection.deliver((id, confirmable) =>
      encodePublish({ id, confirmable, name: `particle/device/updates/${name}`, data: String(isSet) }),
    );
  await Promise.all([flag('enabled', updates.enabled), flag('forced', updates.forced)]);
}

/** So that the cloud sends what the application lacks (protocol section 7.1). */
async function publishSafeMode(connection: Connection, { application }: Introduction): Promise<void> {
  if (!application.safeMode) return;
  await connection.deliver((id, confirmable) => encodePublish({ id, confirmable, name: 'spark/device/safemode' }));
}

async function publishClaimCode(connection: Connection, { claimCode }: Introduction): Promise<void> {
  if (claimCode === undefined) return;
  const event = { name: 'spark/device/claim/code', data: claimCode };
  await connection.deliver((id, confirmable) => encodePublish({ id, confirmable, ...event }));
}

function describesItself(profile: DeviceProfile): boolean {
  return (profile.helloFlags & HelloFlag.DEVICE_INITIATED_DESCRIBE) !== 0;
}

/** @param ack undefined where none is asked for */
function succeeded(ack: CoapMessage | undefined): boolean {
  return ack === undefined || isSuccessCode(ack.code);
}
