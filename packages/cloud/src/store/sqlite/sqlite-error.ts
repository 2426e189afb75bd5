/** SQLite refused one statement. `resultCode` is its extended result code: 2067 for a unique index, 1555 for a primary key. */
export class SqliteError extends Error {
  readonly resultCode: number | undefined;

  constructor(message: string, resultCode: number | undefined) {
    super(message);
    this.name = 'SqliteError';
    this.resultCode = resultCode;
  }
}
