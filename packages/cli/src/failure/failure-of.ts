import { ApiError } from '@cloudchamber/contract/client';
import { ChamberError } from '@cloudchamber/kernel';
import { CliError } from './cli-error.ts';
import type { FailureKind } from './exit-codes.ts';

const BY_STATUS: ReadonlyMap<number, FailureKind> = new Map([
  [0, 'server'],
  [401, 'login'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [408, 'offline'],
  [429, 'rate-limited'],
]);

/** How the cloud refuses a member whose role is too weak. */
const ROLE = /^Permission denied: (\S+) does not include (\S+)$/;

/** Codes of the system that people meet, as sentences. */
const SYSTEM: ReadonlyMap<string, (path: string) => string> = new Map([
  ['ENOENT', (path) => `There is no file ${path}`],
  ['EACCES', (path) => `${path} may not be read or written by you`],
  ['EPERM', (path) => `${path} may not be changed by you`],
  ['EISDIR', (path) => `${path} is a folder, not a file`],
  ['ENOTDIR', (path) => `${path} goes through something that is no folder`],
  ['ENOSPC', (path) => `The disk is full${path === '' ? '' : `: ${path} could not be written`}`],
  ['EROFS', (path) => `${path} is on a disk that cannot be written`],
  ['EEXIST', (path) => `${path} exists already`],
]);

/** Anything that was thrown, as what the user is told. Whatever is not known here is our mistake, and says so. */
export function failureOf(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof ApiError) return error.cause instanceof CliError ? error.cause : ofReply(error);
  if (isSystemError(error)) {
    const sentence = SYSTEM.get(error.code)?.(error.path ?? '');
    if (sentence !== undefined) return new CliError('failure', sentence, { cause: error });
  }
  if (error instanceof ChamberError) {
    return new CliError(error.code === 'usage' ? 'usage' : 'failure', error.message, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new CliError('failure', message, {
    cause: error,
    next: 'This is a mistake in chamber: run it again with -v for details, and tell its makers.',
  });
}

function ofReply(error: ApiError): CliError {
  const { status, requestId } = error;
  const kind = BY_STATUS.get(status) ?? (status >= 500 || (status >= 200 && status < 300) ? 'server' : 'failure');
  return new CliError(kind, sentenceOf(error), { status, requestId, next: nextOf(kind, error), cause: error });
}

function sentenceOf({ status, message, body }: ApiError): string {
  if (typeof body === 'string' && /^\s*</.test(body)) {
    return `The reply (status ${status}) is a web page, not one of the cloud's: a proxy may stand between, or the address is wrong`;
  }
  const [, role, scope] = ROLE.exec(message) ?? [];
  if (role !== undefined)
    return `The role that you have there, ${role}, does not allow this: it lacks the permission ${scope}`;
  if (status === 408 && message === 'timed out') return 'timed out: the device is offline, or did not answer';
  return message;
}

function nextOf(kind: FailureKind, { message, retryAfterSeconds }: ApiError): string | undefined {
  switch (kind) {
    case 'forbidden':
      return ROLE.test(message) ? 'Ask an administrator of the product or organization for another role.' : undefined;
    case 'login':
      return 'Log in with "chamber login".';
    case 'rate-limited':
      return retryAfterSeconds === undefined ? 'Try again later.' : `Try again in ${retryAfterSeconds} seconds.`;
    case 'server':
      return 'See "chamber config" for the address that is used, and "chamber server status" for how the cloud is.';
    default:
      return undefined;
  }
}

interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
