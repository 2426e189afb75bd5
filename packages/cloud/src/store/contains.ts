import { type RawBuilder, type SqlBool, sql } from 'kysely';

/**
 * Does the text in a column contain `part`, without case (of ASCII letters on SQLite)? Wildcards of LIKE in `part` mean themselves.
 * @param text a column or any other expression of text
 */
export function contains(text: RawBuilder<unknown>, part: string): RawBuilder<SqlBool> {
  // PostgreSQL takes no NUL, and no text has one.
  if (part.includes('\0')) return sql<SqlBool>`1 = 0`;
  const pattern = `%${part.replaceAll(/[!%_]/g, '!$&')}%`;
  return sql<SqlBool>`lower(${text}) like lower(${pattern}) escape '!'`;
}
