import { CliError } from '../failure/cli-error.ts';

/** What a request without a reply comes to. @param url of the cloud */
export function unreachable(url: string, error: unknown): CliError {
  return new CliError('server', `${url} cannot be reached: ${reasonOf(error)}`, {
    next: 'Check the address with "chamber config", and that the cloud runs.',
    cause: error,
  });
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'there is no host of that name'],
  ['EAI_AGAIN', 'its name cannot be looked up now'],
  ['ECONNRESET', 'the connection was cut'],
  ['EHOSTUNREACH', 'there is no way to that host'],
  ['ENETUNREACH', 'there is no network'],
  ['ETIMEDOUT', 'it does not answer'],
  ['EPROTO', 'it does not speak TLS there'],
  ['HPE_INVALID_CONSTANT', 'it does not speak HTTP there'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is signed by itself'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is signed by an authority that this machine does not know'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
]);

/** Why there was no reply, in words for people. */
export function reasonOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if (at instanceof AggregateError && at.errors.length > 0) return reasonOf(at.errors[0]);
    const code = 'code' in at && typeof at.code === 'string' ? at.code : undefined;
    const known = code === undefined ? undefined : REASONS.get(code);
    if (known !== undefined) return known;
  }
  if (!(error instanceof Error)) return String(error);
  // What the platform's fetch throws says nothing itself.
  return error.message === 'fetch failed' && error.cause instanceof Error ? error.cause.message : error.message;
}
