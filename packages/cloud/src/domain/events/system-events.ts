import type { DeviceCommands, PublishedEvent } from '@cloudchamber/gateway';
import type { Entropy } from '@cloudchamber/kernel';
import {
  areUpdatesForced,
  type ClaimingParts,
  claimByModem,
  type DeviceCard,
  type DeviceWrites,
  recordIccid,
  recordSafeMode,
  recordUpdatesEnabled,
  systemDescribeOf,
  useClaimCode,
} from '../devices/index.ts';
import { recordVitals, vitalsOfEvent, withService } from '../vitals/index.ts';

export interface SystemEventParts extends ClaimingParts {
  readonly writes: DeviceWrites;
  readonly commands: DeviceCommands;
  readonly entropy: Entropy;
}

/** What becomes of a system event: this event is kept and streamed, or nothing is. Resolves when what it changed is durable. */
type Outcome = PublishedEvent | undefined | Promise<PublishedEvent | undefined>;
type Treatment = (parts: SystemEventParts, event: PublishedEvent, device: DeviceCard) => Outcome;

const UPDATES_FORCED = 'particle/device/updates/forced';
/** `particle/device/random` is 40 characters (protocol section 7.1). */
const RANDOM_BYTES = 20;

const keep: Treatment = (_parts, event) => event;
const swallow: Treatment = () => undefined;

const answerName: Treatment = (parts, event, device) => answer(parts, event, device.name);
const answerAddress: Treatment = (parts, event) => answer(parts, event, event.address);
const answerRandom: Treatment = (parts, event) =>
  answer(parts, event, parts.entropy.bytes(RANDOM_BYTES).toString('hex'));

/** What devices are specified to send (protocol section 7.1). Whatever else begins like these is dropped. */
const TREATMENTS: ReadonlyMap<string, Treatment> = new Map<string, Treatment>([
  ['particle/device/name', answerName],
  ['particle/device/ip', answerAddress],
  ['particle/device/random', answerRandom],
  ['spark/device/name', answerName],
  ['spark/device/ip', answerAddress],
  ['spark/device/random', answerRandom],
  ['particle/device/updates/enabled', noteUpdatesEnabled],
  [UPDATES_FORCED, repeatForced],
  ['particle/device/updates/pending', keep],
  ['spark/device/safemode', noteSafeMode],
  ['spark/device/last_reset', keep],
  ['spark/device/app-hash', keep],
  ['spark/device/key/error', keep],
  ['spark/device/ota_result', keep],
  ['spark/device/diagnostics/update', noteVitals],
  ['spark/cellular/iccid', noteIccid],
  ['spark/device/claim/code', claimByCode],
  ['spark/device/session/end', swallow],
  ['spark/hardware/max_binary', swallow],
  ['spark/hardware/ota_chunk_size', swallow],
  ['spark/device/ident/0', swallow],
  ['spark/cc3000-patch-version', swallow],
]);

/**
 * Does what a system event of a device asks for: answers that device, or changes what is known of it.
 * @returns the event that goes into the log and the streams, not always the one that came, or undefined.
 */
export function treatSystemEvent(parts: SystemEventParts, event: PublishedEvent, device: DeviceCard): Outcome {
  const treatment = TREATMENTS.get(event.name);
  if (treatment !== undefined) return treatment(parts, event, device);
  parts.log.debug({ device: event.deviceId, event: event.name }, 'system event dropped');
  return undefined;
}

function answer(parts: SystemEventParts, { deviceId, name }: PublishedEvent, text: string): undefined {
  void parts.commands.deliver(deviceId, { name, data: Buffer.from(text), contentFormat: 0 });
}

async function noteUpdatesEnabled(parts: SystemEventParts, event: PublishedEvent): Promise<PublishedEvent> {
  await recordUpdatesEnabled(parts.writes, event.deviceId, textOf(event) === 'true');
  return event;
}

/** A device tells whether updates are forced on it; when its owner forces them and it does not know, it is told again. */
async function repeatForced(parts: SystemEventParts, event: PublishedEvent): Promise<PublishedEvent> {
  const known = textOf(event) === 'true';
  if (!known && (await areUpdatesForced(parts.store, event.deviceId))) answer(parts, event, 'true');
  return event;
}

/** Vitals that a device made itself are kept like those of metrics; the event stays as it came. */
async function noteVitals(parts: SystemEventParts, event: PublishedEvent): Promise<PublishedEvent> {
  const { deviceId, receivedAt: at } = event;
  const own = vitalsOfEvent(event.data);
  if (own === undefined) {
    parts.log.debug({ device: deviceId, bytes: event.data.length }, 'vitals of a device make no sense');
    return event;
  }
  await recordVitals(parts.writes, deviceId, { at, payload: await withService(parts.store, deviceId, at, own) });
  return event;
}

/** Streams show safe mode with the Describe that tells which modules are missing. */
async function noteSafeMode(parts: SystemEventParts, event: PublishedEvent): Promise<PublishedEvent> {
  await recordSafeMode(parts.writes, event.deviceId);
  const describe = (await systemDescribeOf(parts.store, event.deviceId)) ?? '';
  return { ...event, name: 'spark/status/safe-mode', data: Buffer.from(describe), contentFormat: 0 };
}

async function noteIccid(parts: SystemEventParts, event: PublishedEvent, device: DeviceCard): Promise<undefined> {
  const iccid = textOf(event);
  if (!/^\d{18,22}$/.test(iccid)) return;
  await recordIccid(parts.writes, event.deviceId, iccid);
  if (device.ownerId === null) await claimByModem(parts, event.deviceId);
}

/** Nobody hears of the code, not even its owner. */
async function claimByCode(parts: SystemEventParts, event: PublishedEvent): Promise<undefined> {
  await useClaimCode(parts, event.deviceId, textOf(event));
}

function textOf(event: PublishedEvent): string {
  return Buffer.from(event.data.buffer, event.data.byteOffset, event.data.length).toString('utf8');
}
