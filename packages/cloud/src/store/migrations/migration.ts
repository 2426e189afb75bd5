import type { Kysely } from 'kysely';
import type { Engine } from '../store.ts';

/** One forward step of the schema. Never edited once it is released: a change is a new migration. */
export interface Migration {
  /** `NNNN-name`, the file's name; kept in the `migrations` table. */
  readonly name: string;
  /** Runs inside one transaction, on both engines; `engine` is for the few types that differ, such as `binaryType(engine)`. */
  up(db: Kysely<unknown>, engine: Engine): Promise<void>;
}
