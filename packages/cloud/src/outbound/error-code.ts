/** The `code` of an error of Node or of a library, such as ECONNREFUSED. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
