import { findPostgres } from './postgres-server.ts';

/** Runs once before all tests: finds a PostgreSQL server for `describeStores`, or says loudly that there is none. */
export default async function setup(): Promise<() => void> {
  const server = await findPostgres();
  if (server === undefined) {
    delete process.env.CHAMBER_TEST_POSTGRES;
    console.warn(
      '\n!!! PostgreSQL: SKIPPED. No server was found and none could be started (CHAMBER_TEST_POSTGRES). !!!\n',
    );
    return () => {};
  }
  // Workers are started after this and inherit the environment.
  process.env.CHAMBER_TEST_POSTGRES = server.url;
  console.info(`PostgreSQL: store tests use ${server.origin}`);
  return () => server.stop();
}
