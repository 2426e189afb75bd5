import { type Kysely, sql } from 'kysely';
import type { Engine } from '../store.ts';
import { binaryType } from './column-types.ts';

/** Product ids are compiled into firmware as 16 bits; the numbers below stay free for platform ids. */
const FIRST_PRODUCT_ID = 1000;

/** Products, organizations, teams, customers, claiming: who may do what. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await changeAccounts(db, engine);
  await changeTokens(db);
  await createPlaces(db, engine);
  await createPeople(db);
  await changeDevices(db);
  await createClaiming(db);
  await createAudit(db, engine);
}

async function changeAccounts(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema.alterTable('users').addColumn('email_verified_at', 'bigint').execute();
  await db.schema.alterTable('users').addColumn('mfa_secret', binaryType(engine)).execute();
  await db.schema.alterTable('users').addColumn('mfa_enabled_at', 'bigint').execute();
  await db.schema.alterTable('users').addColumn('mfa_last_step', 'bigint').execute();
  await db.schema
    .createTable('mfa_recovery_codes')
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('code_hash', 'text', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .addPrimaryKeyConstraint('mfa_recovery_codes_key', ['user_id', 'code_hash'])
    .execute();
  await db.schema
    .createTable('mail_tokens')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('subject_id', 'text', (column) => column.notNull())
    .addColumn('payload', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('mail_tokens_subject').on('mail_tokens').columns(['subject_id', 'purpose']).execute();
}

/** A token is no longer an account's only: its subject is an account, a customer, a product or an API user. SQLite needs the tables made anew. */
async function changeTokens(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('access_tokens_0008')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('subject_kind', 'text', (column) => column.notNull())
    .addColumn('subject_id', 'text', (column) => column.notNull())
    .addColumn('scope', 'text')
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('grant_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .execute();
  await sql`insert into access_tokens_0008 (id, token_hash, subject_kind, subject_id, client_id, grant_id, created_at, expires_at)
    select id, token_hash, 'user', user_id, client_id, grant_id, created_at, expires_at from access_tokens`.execute(db);
  await db.schema.dropTable('access_tokens').execute();
  await db.schema.alterTable('access_tokens_0008').renameTo('access_tokens').execute();
  await db.schema
    .createTable('refresh_tokens_0008')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('subject_kind', 'text', (column) => column.notNull())
    .addColumn('subject_id', 'text', (column) => column.notNull())
    .addColumn('scope', 'text')
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('grant_id', 'text', (column) => column.notNull())
    .addColumn('access_lifetime_seconds', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .execute();
  await sql`insert into refresh_tokens_0008 (id, token_hash, subject_kind, subject_id, client_id, grant_id, access_lifetime_seconds, created_at, expires_at, used_at)
    select id, token_hash, 'user', user_id, client_id, grant_id, access_lifetime_seconds, created_at, expires_at, used_at from refresh_tokens`.execute(
    db,
  );
  await db.schema.dropTable('refresh_tokens').execute();
  await db.schema.alterTable('refresh_tokens_0008').renameTo('refresh_tokens').execute();
  for (const table of ['access_tokens', 'refresh_tokens']) {
    await db.schema.createIndex(`${table}_subject`).on(table).columns(['subject_id', 'subject_kind']).execute();
    await db.schema.createIndex(`${table}_grant_0008`).on(table).column('grant_id').execute();
    await db.schema.createIndex(`${table}_client`).on(table).column('client_id').execute();
  }
  // A client belongs to an account, or to a product and then to no account.
  await db.schema
    .createTable('oauth_clients_0008')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.references('users.id').onDelete('cascade'))
    .addColumn('product_id', 'integer')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('secret_hash', 'text', (column) => column.notNull())
    .addColumn('redirect_uri', 'text')
    .addColumn('scope', 'text')
    .addColumn('role', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await sql`insert into oauth_clients_0008 (id, user_id, name, type, secret_hash, redirect_uri, scope, created_at)
    select id, user_id, name, type, secret_hash, redirect_uri, scope, created_at from oauth_clients`.execute(db);
  await db.schema.dropTable('oauth_clients').execute();
  await db.schema.alterTable('oauth_clients_0008').renameTo('oauth_clients').execute();
  await db.schema.createIndex('oauth_clients_user_0008').on('oauth_clients').column('user_id').execute();
  await db.schema.createIndex('oauth_clients_product').on('oauth_clients').column('product_id').execute();
  await db.schema
    .createTable('authorization_codes')
    .addColumn('code_hash', 'text', (column) => column.primaryKey())
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('redirect_uri', 'text', (column) => column.notNull())
    .addColumn('redirect_uri_given', 'integer', (column) => column.notNull())
    .addColumn('code_challenge', 'text')
    .addColumn('scope', 'text')
    .addColumn('grant_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .execute();
}

/** Products and organizations: the two places that have a team. */
async function createPlaces(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('organizations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('slug', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('products')
    // Numbers of deleted products are never given out again: firmware in the field has them compiled in.
    .addColumn('id', 'integer', (column) =>
      engine === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity(),
    )
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull().unique())
    .addColumn('slug', 'text', (column) => column.notNull().unique())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('platform_id', 'integer', (column) => column.notNull())
    .addColumn('owner_kind', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('products_owner').on('products').columns(['owner_id', 'owner_kind']).execute();
  if (engine === 'sqlite') {
    await sql`insert into sqlite_sequence (name, seq) values ('products', ${FIRST_PRODUCT_ID - 1})`.execute(db);
  } else {
    await sql`alter table products alter column id restart with ${sql.lit(FIRST_PRODUCT_ID)}`.execute(db);
  }
}

/** Team members, API users, customers. */
async function createPeople(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('team_members')
    .addColumn('team_kind', 'text', (column) => column.notNull())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('invited_by', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('accepted_at', 'bigint')
    .addPrimaryKeyConstraint('team_members_key', ['team_kind', 'team_id', 'user_id'])
    .execute();
  await db.schema.createIndex('team_members_user').on('team_members').column('user_id').execute();
  await db.schema
    .createTable('api_users')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('username', 'text', (column) => column.notNull().unique())
    .addColumn('friendly_name', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('team_kind', 'text', (column) => column.notNull())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('api_users_team').on('api_users').columns(['team_id', 'team_kind']).execute();
  await db.schema
    .createTable('customers')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('product_id', 'integer', (column) => column.notNull())
    .addColumn('username', 'text', (column) => column.notNull())
    .addColumn('full_name', 'text')
    .addColumn('password_hash', 'text')
    .addColumn('user_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('customers_username', ['product_id', 'username'])
    .execute();
  await db.schema.createIndex('customers_user').on('customers').column('user_id').execute();
}

async function changeDevices(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('devices').addColumn('firmware_product_id', 'integer').execute();
  await db.schema
    .alterTable('devices')
    .addColumn('development', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('devices').addColumn('desired_firmware_version', 'integer').execute();
  await db.schema.alterTable('devices').addColumn('joined_product_at', 'bigint').execute();
  await db.schema.createIndex('devices_product').on('devices').columns(['product_id', 'id']).execute();
  await db.schema.createIndex('devices_serial').unique().on('devices').column('serial_number').execute();
  await db.schema.createIndex('devices_imei').on('devices').column('imei').execute();
  await db.schema.createIndex('devices_iccid').on('devices').column('iccid').execute();
  await db.schema
    .createTable('quarantined_devices')
    .addColumn('product_id', 'integer', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull().references('devices.id').onDelete('cascade'))
    .addColumn('denied', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('quarantined_devices_key', ['product_id', 'device_id'])
    .execute();
  await db.schema.createIndex('quarantined_devices_device').on('quarantined_devices').column('device_id').execute();
  await db.schema
    .createTable('device_groups')
    .addColumn('product_id', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('color', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('device_groups_key', ['product_id', 'name'])
    .execute();
  await db.schema
    .createTable('device_group_members')
    .addColumn('product_id', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull().references('devices.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('device_group_members_key', ['product_id', 'name', 'device_id'])
    .addForeignKeyConstraint(
      'device_group_members_group',
      ['product_id', 'name'],
      'device_groups',
      ['product_id', 'name'],
      (group) => group.onDelete('cascade').onUpdate('cascade'),
    )
    .execute();
  await db.schema.createIndex('device_group_members_device').on('device_group_members').column('device_id').execute();
}

async function createClaiming(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('claim_codes')
    .addColumn('code_hash', 'text', (column) => column.primaryKey())
    .addColumn('owner_kind', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('product_id', 'integer')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('claim_codes_owner').on('claim_codes').column('owner_id').execute();
  await db.schema
    .createTable('device_transfers')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('device_id', 'text', (column) => column.notNull().references('devices.id').onDelete('cascade'))
    .addColumn('from_owner_id', 'text', (column) => column.notNull())
    .addColumn('to_user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('device_transfers_request', ['device_id', 'to_user_id'])
    .execute();
  await db.schema.createIndex('device_transfers_from').on('device_transfers').column('from_owner_id').execute();
  await db.schema.createIndex('device_transfers_to').on('device_transfers').column('to_user_id').execute();
}

async function createAudit(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const sequence = engine === 'sqlite' ? sql`integer` : sql`bigint`;
  await db.schema
    .createTable('audit_entries')
    .addColumn('sequence', sequence, (column) =>
      engine === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey().generatedAlwaysAsIdentity(),
    )
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor_kind', 'text', (column) => column.notNull())
    .addColumn('actor_id', 'text')
    .addColumn('actor_name', 'text')
    .addColumn('subject_id', 'text')
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('object', 'text', (column) => column.notNull())
    .addColumn('product_id', 'integer')
    .addColumn('organization_id', 'text')
    .addColumn('request_id', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('audit_entries_product')
    .on('audit_entries')
    .columns(['product_id', 'sequence'])
    .execute();
  await db.schema
    .createIndex('audit_entries_organization')
    .on('audit_entries')
    .columns(['organization_id', 'sequence'])
    .execute();
  await db.schema.createIndex('audit_entries_actor').on('audit_entries').columns(['actor_id', 'sequence']).execute();
  await db.schema
    .createIndex('audit_entries_subject')
    .on('audit_entries')
    .columns(['subject_id', 'sequence'])
    .execute();
}
