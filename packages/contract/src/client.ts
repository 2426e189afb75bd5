import type { z } from 'zod';
import type { ResponseBody, Route } from './define-route.ts';
import type { OperationName, Operations } from './operations.ts';

/** Where an operation is: its method and its path, whose parameters are `:name` or a last `*`. */
export type OperationPaths = Readonly<Record<string, readonly [method: string, path: string]>>;

type Part<Name extends string, T extends z.ZodType> = T extends z.ZodUndefined
  ? { readonly [K in Name]?: undefined }
  : Record<never, never> extends z.input<T>
    ? { readonly [K in Name]?: z.input<T> }
    : { readonly [K in Name]: z.input<T> };

type BodyPart<T extends z.ZodType> = T extends z.ZodUndefined
  ? { readonly body?: FormData }
  : Record<never, never> extends z.input<T>
    ? { readonly body?: z.input<T> | FormData }
    : { readonly body: z.input<T> | FormData };

type InputOf<R> =
  R extends Route<infer _A, infer P, infer Q, infer B, infer _R>
    ? Part<'params', P> & Part<'query', Q> & BodyPart<B>
    : never;

type OutputOf<R> = R extends Route<infer _A, infer _P, infer _Q, infer _B, infer S> ? ResponseBody<S> : never;

/** What an operation takes: the parameters of its path, its query and its body, each where it has any. Files go as a form. */
export type Input<Name extends OperationName> = InputOf<Operations[Name]>;
/** What an operation answers with. */
export type Output<Name extends OperationName> = OutputOf<Operations[Name]>;

/** Arguments of a call: its input may be left out where nothing in it is mandatory. */
export type Arguments<Name extends OperationName> =
  Record<never, never> extends Input<Name> ? [name: Name, input?: Input<Name>] : [name: Name, input: Input<Name>];

/** A refusal of the cloud, or a reply that cannot be read. `status` is 0 when there was no reply at all. */
export class ApiError extends Error {
  readonly status: number;
  /** The machine's word for it, such as `permission_denied`; undefined where the reply has none. */
  readonly code: string | undefined;
  /** What people who run the server can look up in its log. */
  readonly requestId: string | undefined;
  /** The whole body, as it came. */
  readonly body: unknown;
  /** After how many seconds another try makes sense, if the cloud said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    message: string,
    facts: Pick<ApiError, 'status'> &
      Partial<Pick<ApiError, 'code' | 'requestId' | 'body' | 'retryAfterSeconds' | 'cause'>>,
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'ApiError';
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId;
    this.body = facts.body;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

/** As much of a reply as the client reads: of the platform's own `fetch`, or of a smaller one. */
export interface Reply {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** What the client asks for. Forms are sent by the platform's `fetch` alone. */
export interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
  readonly signal?: AbortSignal;
}

export interface ClientOptions {
  /** Without a slash at its end; empty for the host that a page came from. */
  readonly url: string;
  readonly paths: OperationPaths;
  fetch(address: string, asked: Asked): Promise<Reply>;
  /** Headers of every request, such as the one that proves who sends it. */
  headers(method: string): Readonly<Record<string, string>>;
}

export interface Client {
  /** Calls an operation. @throws ApiError when it is refused or the cloud cannot be reached; the abort's reason when `signal` ends it */
  call<Name extends OperationName>(...args: Arguments<Name>): Promise<Output<Name>>;
  /** As `call`, with a signal that ends the request. */
  callWith<Name extends OperationName>(signal: AbortSignal, ...args: Arguments<Name>): Promise<Output<Name>>;
}

interface AnyInput {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** @returns the address of an operation with its parameters and query filled in, from the slash on. @throws Error for a parameter that is missing */
export function addressOf(path: string, input: Pick<AnyInput, 'params' | 'query'> = {}): string {
  const params = new Map(Object.entries(input.params ?? {}));
  const filled = path.replace(/:([A-Za-z]+)|\*$/g, (_whole, name: string | undefined) => {
    const value: unknown = params.get(name ?? '*');
    if (value === undefined) throw new Error(`${path} needs ${name ?? '*'}`);
    return encodeURIComponent(String(value));
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) query.append(name, String(one));
    }
  }
  return query.size === 0 ? filled : `${filled}?${query}`;
}

/** A client of the routes, typed by their schemas. Replies are taken at the server's word: they are not parsed again. */
export function createClient(options: ClientOptions): Client {
  const send = async <Name extends OperationName>(
    name: Name,
    input: AnyInput,
    signal: AbortSignal | undefined,
  ): Promise<Output<Name>> => {
    const place = options.paths[name];
    if (place === undefined) throw new Error(`There is no operation ${name}`);
    const [method, path] = place;
    const { body } = input;
    const hasJson = body !== undefined && !isForm(body);
    let reply: Reply;
    try {
      reply = await options.fetch(options.url + addressOf(path, input), {
        method,
        headers: {
          accept: 'application/json',
          ...options.headers(method),
          ...(hasJson && { 'content-type': 'application/json' }),
        },
        ...(isForm(body) && { body }),
        ...(hasJson && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError('The cloud cannot be reached', { status: 0, code: 'unreachable', cause: error });
    }
    return readReply(reply);
  };
  return {
    call: (name, input?: AnyInput) => send(name, input ?? {}, undefined),
    callWith: (signal, name, input?: AnyInput) => send(name, input ?? {}, signal),
  };
}

/** Looks at the platform's class only for what is no plain object: where it is loaded when it is first named, that takes long. */
function isForm(body: unknown): body is FormData {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  return Object.getPrototypeOf(body) !== Object.prototype && body instanceof FormData;
}

async function readReply<T>(reply: Reply): Promise<T> {
  const text = await reply.text();
  const requestId = reply.headers.get('x-request-id') ?? undefined;
  const body = parse(text);
  if (reply.ok && (text === '' || body !== undefined)) return body as T;
  const facts = { status: reply.status, body: body ?? text, ...(requestId !== undefined && { requestId }) };
  if (reply.ok) throw new ApiError('The cloud answered with something that is no JSON', facts);
  const retryAfter = Number(reply.headers.get('retry-after') ?? Number.NaN);
  const { code, message } = refusalOf(body);
  throw new ApiError(message ?? `The cloud answered ${reply.status}`, {
    ...facts,
    ...(code !== undefined && { code }),
    ...(Number.isFinite(retryAfter) && { retryAfterSeconds: retryAfter }),
  });
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const words = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** The families of routes word refusals differently: section 3.3 of the API notes. */
function refusalOf(body: unknown): { code: string | undefined; message: string | undefined } {
  if (typeof body !== 'object' || body === null) return { code: undefined, message: undefined };
  const fields = new Map<string, unknown>(Object.entries(body));
  const error = words(fields.get('error'));
  const code = words(fields.get('code')) ?? (error !== undefined && /^[a-z_]+$/.test(error) ? error : undefined);
  const message =
    words(fields.get('error_description')) ?? words(fields.get('info')) ?? firstOf(fields.get('errors')) ?? error;
  return { code, message };
}

function firstOf(errors: unknown): string | undefined {
  if (!Array.isArray(errors)) return undefined;
  const first: unknown = errors[0];
  if (typeof first === 'object' && first !== null && 'message' in first) return words(first.message);
  return words(first);
}
