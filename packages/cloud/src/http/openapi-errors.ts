import type { Access, Route } from '@cloudchamber/contract';

/** A refusal as a reader of the API's pages sees it. */
export interface ErrorExample {
  readonly status: number;
  /** What it means, a sentence. */
  readonly means: string;
  /** Absent where it is a page for people. */
  readonly body?: Readonly<Record<string, unknown>>;
}

const refusal = (status: number, means: string, error: string, error_description: string): ErrorExample => ({
  status,
  means,
  body: { error, error_description },
});

const NO_TOKEN = refusal(400, 'There is no token.', 'invalid_request', 'The access token was not found');
const BAD_TOKEN = refusal(
  401,
  'The token is unknown or revoked.',
  'invalid_token',
  'The access token provided is invalid.',
);
const OLD_TOKEN = refusal(401, 'The token has expired.', 'invalid_token', 'The access token provided has expired.');
const BAD_PASSWORD = refusal(400, 'The e-mail or password is wrong.', 'invalid_grant', 'User credentials are invalid');
const API_USER = refusal(
  400,
  'An API user without the permission.',
  'unauthorized',
  'API users are not allowed to call this endpoint',
);
const OTHER_KIND = refusal(
  403,
  'The token is of a kind that cannot do this.',
  'permission_denied',
  'Permission denied',
);
const NOT_OPERATOR = refusal(
  403,
  'The account is no operator.',
  'operator_only',
  'Only an operator of this server may do that',
);
const notMember = (place: string): ErrorExample =>
  refusal(
    403,
    `There is no such ${place}, or the caller has no right to this in it.`,
    'permission_denied',
    'Permission denied',
  );

const TOKEN = [NO_TOKEN, BAD_TOKEN, OLD_TOKEN];

/** What a door answers, to the letter of section 3.3 of the API notes. */
const BY_ACCESS: Readonly<Record<Access, readonly ErrorExample[]>> = {
  public: [],
  basic: [...TOKEN, BAD_PASSWORD, API_USER, OTHER_KIND],
  token: TOKEN,
  user: [...TOKEN, API_USER, OTHER_KIND],
  owner: [...TOKEN, API_USER, OTHER_KIND],
  product: [...TOKEN, API_USER, notMember('product')],
  organization: [...TOKEN, API_USER, notMember('organization')],
  operator: [...TOKEN, NOT_OPERATOR],
};

const NOT_VALID = refusal(
  400,
  'Something in the path, query or body is missing or not valid; the text names it.',
  'invalid_request',
  'body.name: Invalid input: expected string, received undefined',
);
const TOO_LARGE = refusal(
  413,
  'The body is too large.',
  'payload_too_large',
  'The body is larger than this server takes',
);
const OTHER_TYPE = refusal(
  415,
  'The body is neither JSON nor a form.',
  'unsupported_media_type',
  'Send application/json or application/x-www-form-urlencoded',
);
const TOO_MANY = refusal(
  429,
  'Too many requests; `Retry-After` says how many seconds to wait.',
  'too_many_requests',
  'Only 10000 of these requests are taken in 300 seconds; try again in 120 seconds',
);

/** Every refusal of a route: what its door and its schemas imply, then its own. */
export function errorsOf(route: Route): readonly ErrorExample[] {
  const own = Object.entries(route.errors ?? {}).map(([status, means]) => ownError(route, Number(status), means));
  return [
    ...BY_ACCESS[route.access],
    ...(route.params || route.query || route.body ? [NOT_VALID] : []),
    ...(route.body ? [TOO_LARGE, OTHER_TYPE] : []),
    TOO_MANY,
    ...own,
  ];
}

/** The chapters whose refusals have the shape that clients of devices look for (`routes/devices-errors.ts`). */
const DEVICE_CHAPTERS: readonly string[] = ['devices', 'product devices', 'groups', 'events', 'claiming'];
const DEVICE_STATUSES: readonly number[] = [400, 403, 404, 408, 409, 503];

function ownError(route: Route, status: number, means: string): ErrorExample {
  if (route.produces === 'text/html') return { status, means };
  if (DEVICE_CHAPTERS.includes(route.tag) && DEVICE_STATUSES.includes(status)) {
    return { status, means, body: deviceBody(route.access, status, means) };
  }
  return refusal(status, means, CODES[status] ?? 'error', means);
}

function deviceBody(access: Access, status: number, means: string): ErrorExample['body'] {
  if (status === 403 && access === 'owner') {
    const info =
      "I didn't recognize that device name or ID, try opening https://cloud.example.net/v1/devices?access_token=undefined";
    return { error: 'Permission Denied', info, error_description: 'Permission Denied' };
  }
  const text = status === 408 ? 'timed out' : means;
  return { ok: false, error: text, error_description: text };
}

/** The usual code for programs; a route may have a closer one. */
const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'invalid_token',
  403: 'permission_denied',
  404: 'not_found',
  408: 'timed_out',
  409: 'conflict',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  422: 'invalid_request',
  429: 'too_many_requests',
  503: 'unavailable',
};
