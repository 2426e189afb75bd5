import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Engine } from '../store.ts';
import { binaryType } from './column-types.ts';

/** Firmware of products, its releases and rollouts, the history of updates, vitals, and the health of fleets. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await createBlobs(db, engine);
  await changeUpdates(db);
  await createProductFirmware(db);
  await createRollouts(db);
  await createHealth(db);
}

type Table = CreateTableBuilder<string, string>;

const texts = (table: Table, ...names: string[]): Table =>
  names.reduce((made, name) => made.addColumn(name, 'text', (column) => column.notNull()), table);
const numbers = (table: Table, ...names: string[]): Table =>
  names.reduce((made, name) => made.addColumn(name, 'bigint', (column) => column.notNull()), table);
const perhaps = (table: Table, type: 'text' | 'bigint', ...names: string[]): Table =>
  names.reduce((made, name) => made.addColumn(name, type), table);

async function createBlobs(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const blobs = numbers(texts(db.schema.createTable('firmware_blobs'), 'hash'), 'size', 'used_at');
  await blobs
    .addColumn('data', binaryType(engine), (column) => column.notNull())
    .addPrimaryKeyConstraint('firmware_blobs_key', ['hash'])
    .execute();
  const modules = texts(db.schema.createTable('firmware_modules'), 'id', 'name', 'hash', 'uploaded_by', 'dependencies');
  await numbers(modules, 'platform_id', 'function', 'module_index', 'version', 'size', 'uploaded_at')
    .addPrimaryKeyConstraint('firmware_modules_key', ['id'])
    .addUniqueConstraint('firmware_modules_place', ['platform_id', 'function', 'module_index', 'version', 'name'])
    .execute();
  await db.schema
    .createIndex('firmware_modules_application')
    .on('firmware_modules')
    .columns(['platform_id', 'name'])
    .where(sql.ref('name'), '!=', sql.lit(''))
    .unique()
    .execute();
}

/** Updates that an older server left under way held their images themselves: they are ended, and asked for again by whoever wants them. */
async function changeUpdates(db: Kysely<unknown>): Promise<void> {
  await sql`update firmware_updates set outcome = 'cancelled', message = 'the server was upgraded', ended_at = created_at
    where ended_at is null`.execute(db);
  await db.schema.alterTable('firmware_updates').dropColumn('images').execute();
  for (const name of ['image_list', 'reason', 'rollout_id', 'stage'])
    await db.schema.alterTable('firmware_updates').addColumn(name, 'text').execute();
  for (const name of ['product_id', 'version', 'started_at', 'bytes', 'total_bytes'])
    await db.schema.alterTable('firmware_updates').addColumn(name, 'bigint').execute();
  await db.schema
    .createIndex('firmware_updates_pending')
    .on('firmware_updates')
    .column('created_at')
    .where(sql.ref('ended_at'), 'is', null)
    .execute();
  await db.schema.createIndex('firmware_updates_ended').on('firmware_updates').column('ended_at').execute();
  for (const name of ['retargeted_at', 'flash_now'])
    await db.schema
      .alterTable('devices')
      .addColumn(name, 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
}

async function createProductFirmware(db: Kysely<unknown>): Promise<void> {
  let versions = numbers(db.schema.createTable('product_firmware'), 'product_id', 'version', 'size', 'mandatory');
  versions = texts(versions, 'id', 'title', 'description', 'file_name', 'file_hash', 'kind', 'uploaded_by');
  versions = numbers(perhaps(versions, 'text', 'uploader_name', 'application_hash'), 'uploaded_at', 'updated_at');
  await perhaps(versions, 'bigint', 'archived_at', 'first_run_at', 'first_released_at')
    .addPrimaryKeyConstraint('product_firmware_key', ['product_id', 'version'])
    .execute();
  let releases = numbers(db.schema.createTable('firmware_releases'), 'product_id', 'version', 'immediate');
  releases = numbers(texts(releases, 'group_name', 'released_by'), 'released_at');
  await releases.addPrimaryKeyConstraint('firmware_releases_key', ['product_id', 'group_name']).execute();
  await db.schema
    .createIndex('devices_product_version')
    .on('devices')
    .columns(['product_id', 'firmware_product_id', 'firmware_version'])
    .execute();
}

async function createRollouts(db: Kysely<unknown>): Promise<void> {
  let rollouts = texts(db.schema.createTable('rollouts'), 'id', 'scope', 'steps', 'settings', 'state', 'created_by');
  rollouts = numbers(rollouts, 'product_id', 'version', 'step', 'created_at', 'updated_at');
  rollouts = perhaps(rollouts, 'bigint', 'step_started_at', 'step_ended_at', 'ended_at', 'resumed_at', 'forgiven_at');
  await perhaps(rollouts, 'text', 'message', 'passed_over').addPrimaryKeyConstraint('rollouts_key', ['id']).execute();
  await db.schema.createIndex('rollouts_product').on('rollouts').columns(['product_id', 'created_at']).execute();
  let members = texts(db.schema.createTable('rollout_devices'), 'rollout_id', 'device_id', 'state');
  members = numbers(members, 'step', 'offered_at', 'failures');
  await perhaps(perhaps(members, 'text', 'message'), 'bigint', 'from_version', 'ended_at')
    .addPrimaryKeyConstraint('rollout_devices_key', ['rollout_id', 'device_id'])
    .execute();
  await db.schema.createIndex('rollout_devices_device').on('rollout_devices').column('device_id').execute();
  await db.schema
    .createIndex('rollout_devices_state')
    .on('rollout_devices')
    .columns(['rollout_id', 'step', 'state', 'offered_at'])
    .execute();
  const timeline = texts(db.schema.createTable('rollout_timeline'), 'rollout_id', 'kind', 'actor', 'detail');
  await numbers(timeline, 'sequence', 'at')
    .addPrimaryKeyConstraint('rollout_timeline_key', ['rollout_id', 'sequence'])
    .execute();
}

async function createHealth(db: Kysely<unknown>): Promise<void> {
  await numbers(texts(db.schema.createTable('device_vitals'), 'device_id', 'payload'), 'slot', 'at')
    .addPrimaryKeyConstraint('device_vitals_key', ['device_id', 'slot'])
    .execute();
  await db.schema.createIndex('device_vitals_slot').on('device_vitals').column('slot').execute();
  const presence = numbers(texts(db.schema.createTable('device_presence'), 'device_id'), 'at', 'online');
  await perhaps(presence, 'text', 'reason')
    .addPrimaryKeyConstraint('device_presence_key', ['device_id', 'at', 'online'])
    .execute();
  await db.schema.createIndex('device_presence_at').on('device_presence').column('at').execute();
  const counts = texts(db.schema.createTable('health_counts'), 'device_id', 'kind', 'outcome');
  await numbers(counts, 'product_id', 'bucket', 'count')
    .addPrimaryKeyConstraint('health_counts_key', ['product_id', 'kind', 'device_id', 'bucket', 'outcome'])
    .execute();
  await db.schema.createIndex('health_counts_bucket').on('health_counts').column('bucket').execute();
}
