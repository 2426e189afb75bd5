import type { z } from 'zod';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call a route. `public`: anybody. `basic`: an account's e-mail and password by HTTP Basic, or a token of it.
 * `token`: an access token. `operator`: an access token of an operator of this server.
 */
export type Access = 'public' | 'basic' | 'token' | 'operator';

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
  readonly params?: P;
  readonly query?: Q;
  /** Parsed from JSON or a form alike; a request without body is parsed as an empty object. */
  readonly body?: B;
  readonly responses: R;
  /** Set when the success body is not JSON. */
  readonly produces?: 'text/event-stream' | 'text/plain';
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
