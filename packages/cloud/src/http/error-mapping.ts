import { ChamberError, type Logger } from '@cloudchamber/kernel';
import type { FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { DomainError, type DomainErrorKind } from '../domain/domain-error.ts';

export interface ErrorReply {
  readonly status: number;
  /** Always an object: clients fail on anything else. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The one table from refusals of the domain to HTTP. */
export const statusByKind: Readonly<Record<DomainErrorKind, number>> = {
  not_found: 404,
  invalid: 400,
  conflict: 409,
  forbidden: 403,
  unauthorized: 401,
  limit_exceeded: 429,
  too_large: 413,
  precondition_failed: 412,
  unavailable: 503,
  timed_out: 408,
};

/** What Fastify refuses by itself. */
const byFrameworkCode: Readonly<Record<string, readonly [status: number, error: string, description: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'payload_too_large', 'The body is larger than this server takes'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    'unsupported_media_type',
    'Send application/json or application/x-www-form-urlencoded',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'invalid_request', 'The body is not as long as Content-Length says'],
  FST_REQ_FILE_TOO_LARGE: [413, 'payload_too_large', 'A file is larger than this server takes'],
  FST_FILES_LIMIT: [413, 'payload_too_large', 'There are more files than this server takes'],
  FST_PARTS_LIMIT: [413, 'payload_too_large', 'There are more parts than this server takes'],
  FST_FIELDS_LIMIT: [413, 'payload_too_large', 'There are more fields than this server takes'],
  FST_PROTO_VIOLATION: [400, 'invalid_request', 'The body has a name that is not allowed'],
  FST_INVALID_MULTIPART_CONTENT_TYPE: [415, 'unsupported_media_type', 'Send files as multipart/form-data'],
  FST_ERR_BAD_URL: [400, 'invalid_request', 'The path is not a valid URL'],
  FST_STATIC_FORBIDDEN_PATH: [404, 'not_found', 'There is no such route'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'uri_too_long', 'A part of the path is too long'],
  // PostgreSQL stores no such text.
  '22021': [400, 'invalid_request', 'A text has a NUL character'],
  // PostgreSQL gave a query up that took longer than it may.
  '57014': [503, 'unavailable', 'That took the store too long; ask for less at once, such as a shorter time'],
  FST_ERR_ASYNC_CONSTRAINT: [400, 'invalid_request', 'The request cannot be routed'],
};

/**
 * The reply for anything thrown while a request was served. What is not a refusal that we know is a bug: it is logged with the request's id and answered as 500 without details.
 */
export function replyForError(error: unknown, requestId: string, log: Logger): ErrorReply {
  if (error instanceof DomainError) return domainReply(error);
  if (hasZodFastifySchemaValidationErrors(error)) {
    return refusal(400, 'invalid_request', describeIssues(error.validationContext ?? 'request', error.validation));
  }
  const code = codeOf(error);
  const known = byFrameworkCode[code];
  if (known !== undefined) return refusal(...known);
  if (error instanceof ChamberError && code.startsWith('event_log.')) {
    log.warn({ request: requestId, code, err: error }, 'event log refused');
    return refusal(503, 'unavailable', 'The server cannot store events now; try again', { 'retry-after': '1' });
  }
  log.error({ request: requestId, err: error }, 'bug while serving a request');
  return refusal(500, 'internal_error', `The server failed; its log says more under request ${requestId}`);
}

/** Sends what `replyForError` gives. */
export function sendError(reply: FastifyReply, { status, body, headers }: ErrorReply): FastifyReply {
  if (status === 413) dropRestOfBody(reply);
  return reply
    .code(status)
    .headers(headers ?? {})
    .type('application/json; charset=utf-8')
    .send(body);
}

/**
 * Lets a client that is still sending come to the end of its body, and throws away what comes: a connection that is closed over bytes that
 * nobody read takes the reply with it. The time that a request may take ends this too.
 */
function dropRestOfBody(reply: FastifyReply): void {
  reply.removeHeader('connection');
  reply.request.raw.resume();
}

/** @returns a reply in the first shape of section 3.1: `error` for programs, `error_description` for people. */
export function refusal(
  status: number,
  error: string,
  description: string,
  headers?: Readonly<Record<string, string>>,
): ErrorReply {
  const body = { error, error_description: description };
  return headers === undefined ? { status, body } : { status, body, headers };
}

function domainReply(error: DomainError): ErrorReply {
  const status = statusByKind[error.kind];
  const retryAfter = error.details.retryAfterSeconds;
  const headers: Record<string, string> = {};
  if (status === 401) headers['www-authenticate'] = challengeOf(error);
  if (typeof retryAfter === 'number') headers['retry-after'] = String(retryAfter);
  const reply = refusal(status, error.code, error.message, headers);
  return { ...reply, body: { ...reply.body, ...extraFields(error) } };
}

/** What a refusal tells programs beside its code and text, such as the `mfa_token` of section 3.3. */
function extraFields(error: DomainError): object {
  const { body } = error.details;
  return typeof body === 'object' && body !== null ? body : {};
}

function challengeOf(error: DomainError): string {
  const { challenge } = error.details;
  return typeof challenge === 'string' ? challenge : `Bearer error="${error.code}"`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

interface Issue {
  readonly instancePath: string;
  readonly message?: string;
}

/** At most three issues in one line, by the names that the client used; never the values. */
function describeIssues(part: string, issues: readonly Issue[]): string {
  const name = part === 'querystring' ? 'query' : part;
  return issues
    .slice(0, 3)
    .map(
      (issue) =>
        `${name}${issue.instancePath.replaceAll('/', '.').replace(/\.$/, '')}: ${issue.message ?? 'not valid'}`,
    )
    .join('; ');
}
