import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database on the test server that nobody else uses. */
export interface PostgresDatabase {
  /** The address of a fresh, empty schema inside the database; every call makes another one. */
  newSchema(): Promise<string>;
  drop(): Promise<void>;
}

/** Creates a throwaway database. @param server address of a database where one may `create database`. */
export async function createPostgresDatabase(server: string): Promise<PostgresDatabase> {
  const name = `chamber_test_${randomBytes(6).toString('hex')}`;
  await runOn(server, `create database ${name}`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  let schemas = 0;
  return {
    async newSchema() {
      const schema = `s${++schemas}`;
      await runOn(address.href, `create schema ${schema}`);
      const own = new URL(address);
      own.searchParams.set('options', `-c search_path=${schema}`);
      return own.href.replaceAll('+', '%20');
    },
    drop: () => runOn(server, `drop database if exists ${name} with (force)`),
  };
}

async function runOn(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
