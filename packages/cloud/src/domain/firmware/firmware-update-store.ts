import type { FirmwareImage } from '@cloudchamber/gateway';
import { ByteReader, ByteWriter, type DeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';

/** An update that was asked for. Times are ms UTC. */
export interface NewFirmwareUpdate {
  readonly id: string;
  readonly deviceId: DeviceId;
  readonly requestedBy: string;
  readonly at: number;
  readonly images: readonly FirmwareImage[];
  readonly applicationHash: string | undefined;
}

/** An update that is under way, with what is left of it. */
export interface PendingUpdate {
  readonly id: string;
  readonly images: readonly FirmwareImage[];
  readonly imagesDone: number;
}

const HEAD_BYTES = 5;

export async function insertUpdate(db: Kysely<Tables>, update: NewFirmwareUpdate): Promise<void> {
  await db
    .insertInto('firmware_updates')
    .values({
      id: update.id,
      device_id: update.deviceId,
      requested_by: update.requestedBy,
      created_at: update.at,
      images: packImages(update.images),
      images_done: 0,
      application_hash: update.applicationHash ?? null,
      ended_at: null,
      outcome: null,
      message: null,
    })
    .execute();
}

export async function deleteUpdate(db: Kysely<Tables>, id: string): Promise<void> {
  await db.deleteFrom('firmware_updates').where('id', '=', id).execute();
}

/** Which devices have an update under way: id by device. */
export async function findPendingUpdates(db: Kysely<Tables>): Promise<Map<DeviceId, string>> {
  const rows = await db
    .selectFrom('firmware_updates')
    .select(['id', 'device_id'])
    .where('ended_at', 'is', null)
    .orderBy('created_at')
    .execute();
  return new Map(rows.map((row) => [row.device_id as DeviceId, row.id]));
}

/** The update with the images that the device has not applied yet; undefined when it has ended. */
export async function findPendingUpdate(db: Kysely<Tables>, id: string): Promise<PendingUpdate | undefined> {
  const row = await db
    .selectFrom('firmware_updates')
    .select(['images', 'images_done'])
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined || row.images === null) return undefined;
  return { id, images: unpackImages(row.images).slice(row.images_done), imagesDone: row.images_done };
}

export async function saveImagesDone(db: Kysely<Tables>, id: string, imagesDone: number): Promise<void> {
  await db.updateTable('firmware_updates').set({ images_done: imagesDone }).where('id', '=', id).execute();
}

/** Notes how an update ended, and lets go of its images. @returns the hash of the application in it, if it has one */
export async function endUpdate(
  db: Kysely<Tables>,
  id: string,
  end: { readonly at: number; readonly outcome: string; readonly message: string | undefined },
): Promise<string | undefined> {
  const row = await db
    .updateTable('firmware_updates')
    .set({ ended_at: end.at, outcome: end.outcome, message: end.message ?? null, images: null })
    .where('id', '=', id)
    .returning('application_hash')
    .executeTakeFirst();
  return row?.application_hash ?? undefined;
}

/** Ends the updates that were asked for before `before` and are still under way: their devices did not come back. */
export async function endUpdatesBefore(db: Kysely<Tables>, before: number, at: number): Promise<void> {
  await db
    .updateTable('firmware_updates')
    .set({ ended_at: at, outcome: 'device_gone', images: null })
    .where('ended_at', 'is', null)
    .where('created_at', '<', before)
    .execute();
}

/** Each image as its module function (one byte), its length (four) and its bytes. */
function packImages(images: readonly FirmwareImage[]): Buffer {
  const parts = images.flatMap(({ moduleFunction, data }) => [
    new ByteWriter(HEAD_BYTES).u8(moduleFunction).u32(data.length).finish(),
    data,
  ]);
  return Buffer.concat(parts);
}

function unpackImages(packed: Uint8Array): FirmwareImage[] {
  const reader = new ByteReader(packed);
  const images: FirmwareImage[] = [];
  while (reader.remaining > 0) {
    const moduleFunction = reader.u8();
    images.push({ moduleFunction, data: reader.bytes(reader.u32()) });
  }
  return images;
}
