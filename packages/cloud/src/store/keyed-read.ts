import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { Tables } from './tables.ts';

type Key = string | number;

/**
 * A query of which only the values differ from one time to the next: it is built and compiled once for a database.
 * @param build the query for given values, which it must use as they are, each once and in this order, with no other value beside them
 * @returns a function that reads the rows for other values; it throws for a query that binds more than its values
 */
export function keyedRead<Keys extends readonly Key[], Row>(
  build: (db: Kysely<Tables>, ...keys: Keys) => Compilable<Row>,
): (db: Kysely<Tables>, ...keys: Keys) => Promise<readonly Row[]> {
  const compiled = new WeakMap<Kysely<Tables>, CompiledQuery<Row>>();
  return async (db, ...keys) => {
    const known = compiled.get(db);
    const query = known ?? build(db, ...keys).compile();
    if (query.parameters.length !== keys.length) throw new Error('A keyed read binds something besides its values');
    if (known === undefined) compiled.set(db, query);
    const { rows } = await db.executeQuery<Row>({ ...query, parameters: keys });
    return rows;
  };
}
