import { sql } from 'kysely';
import type { Store } from '../../src/store/index.ts';

/** How the events of a filled log are dealt. */
export interface EventDeal {
  readonly events: number;
  readonly owners: number;
  readonly products: number;
  readonly devices: number;
  /** Wall time of the first event and from one to the next, ms. */
  readonly oldest: number;
  readonly step: number;
}

/** Rows of one statement. */
const BATCH = 200_000;

/** 24 characters that begin with a letter and end with a number: the ids of owners (a) and devices (d) of a filled log. */
export function dealtId(letter: 'a' | 'd', n: number): string {
  return `${letter}${String(n).padStart(23, '0')}`;
}

/** Fills the log by large statements: millions of events in the order of their times. Of each device one in a hundred has the word needle in its data. */
export async function fillEvents(store: Store, deal: EventDeal): Promise<void> {
  for (let first = 0; first < deal.events; first += BATCH) {
    await insertNumbers(store, first, Math.min(first + BATCH, deal.events) - 1, deal);
  }
  if (store.engine === 'postgres') await sql`vacuum analyze events`.execute(store.db);
}

async function insertNumbers(store: Store, first: number, last: number, deal: EventDeal): Promise<void> {
  const { owners, products, devices, oldest, step } = deal;
  const sqlite = store.engine === 'sqlite';
  const numbers = sqlite
    ? `with recursive numbers (n) as (select ${first} union all select n + 1 from numbers where n < ${last})`
    : `with numbers (n) as (select generate_series(${first}, ${last}))`;
  const id = (letter: 'a' | 'd', modulus: number) =>
    sqlite ? `'${letter}' || printf('%023d', n % ${modulus})` : `'${letter}' || lpad((n % ${modulus})::text, 23, '0')`;
  const word = `case when (n / ${devices}) % 100 = 7 then 'a needle' else 'nothing' end`;
  const text = `'{"value":' || (n % 977) || ',"is":"' || ${word} || '"}'`;
  const data = sqlite ? `cast(${text} as blob)` : `convert_to(${text}, 'UTF8')`;
  await sql
    .raw(
      `insert into events (owner_id, product_id, device_id, publisher, name, data, content_format, ttl, published_at) ${numbers}
      select ${id('a', owners)}, 1000 + n % ${products}, ${id('d', devices)}, ${id('d', devices)}, 'sensor/' || (n % 13), ${data}, 0, 60,
        cast(${oldest} + cast(n as bigint) * ${step} as bigint) from numbers`,
    )
    .execute(store.db);
}
