import type { z } from 'zod';
import type { Scope } from './scopes.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call a route.
 * - `public`: anybody.
 * - `basic`: an account's e-mail and password by HTTP Basic, or a token of it.
 * - `token`: whoever has an access token, of any kind.
 * - `user`: an account.
 * - `owner`: whoever can own devices: an account, or a customer of a product.
 * - `product`, `organization`: whoever may do the route's `scope` in the product or organization that the path names:
 *   members by their role, API users and product tokens by their scopes.
 * - `operator`: an account that runs this server.
 */
export type Access = 'public' | 'basic' | 'token' | 'user' | 'owner' | 'product' | 'organization' | 'operator';

/** How often a route may be called (section 4.1 of the API notes); more is answered with 429 and `Retry-After`. */
export interface RateLimit {
  /** Who is counted: the address that a request comes from (of IPv6 its /64), or whoever the token belongs to. */
  readonly per: 'address' | 'user';
  readonly count: number;
  readonly seconds: number;
  /** Routes with the same word here are counted together; without it each counts alone. */
  readonly together?: string;
}

/** Response bodies by success status. `z.undefined()` stands for a reply without body (204). */
export type Responses = Readonly<Partial<Record<200 | 201 | 202 | 204, z.ZodType>>>;

/** One REST route: what the server registers and validates, what OpenAPI shows, what the typed client calls. */
export interface Route<
  A extends Access = Access,
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends Responses = Responses,
> {
  /** Unique name, a verb and a noun: the OpenAPI `operationId` and the typed client's method. */
  readonly operation: string;
  /** The chapter of the OpenAPI document. */
  readonly tag: string;
  readonly method: Method;
  /** Starts with `/`; parameters as `:name`, the rest of a path as a last `*`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: A;
  /** The permission that it takes; given for `product` and `organization`, and nowhere else. */
  readonly scope?: Scope;
  /** False for what is no change that an audit log should tell of, such as reading, calling or publishing by POST. Routes other than GET are logged. */
  readonly audited?: boolean;
  readonly limit?: RateLimit;
  readonly params?: P;
  readonly query?: Q;
  /** Parsed from JSON or a form alike; a request without body is parsed as an empty object. */
  readonly body?: B;
  readonly responses: R;
  /** Set when the success body is not JSON. */
  readonly produces?: 'text/event-stream' | 'text/plain' | 'text/html' | 'application/octet-stream';
  /** Refusals of its own, beside those that its access implies: what each status means here. */
  readonly errors?: Readonly<Partial<Record<400 | 401 | 403 | 404 | 408 | 409 | 413 | 415 | 422 | 429 | 503, string>>>;
  /** A request and a success body as they may look, for the API's pages; a test holds them against the schemas. */
  readonly example?: { readonly body?: unknown; readonly response?: unknown };
}

/** Declares a route; the types of its parts are kept for the handler and the client. */
export function defineRoute<
  const A extends Access,
  R extends Responses,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(route: Route<A, P, Q, B, R>): Route<A, P, Q, B, R> {
  return route;
}

/** What a handler answers with: any of the route's success bodies. */
export type ResponseBody<R extends Responses> = {
  [S in keyof R]: R[S] extends z.ZodType ? z.output<R[S]> : never;
}[keyof R];
