import type { Access, ResponseBody, Responses } from '@cloudchamber/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Ambient, OwnerContext, TokenActor, TokenContext, UserContext } from '../domain/context.ts';
import type { OrganizationContext } from '../domain/organizations/index.ts';
import type { ProductContext } from '../domain/products/index.ts';
import type { RateLimits } from './rate-limits.ts';

/** What a route's handler gets, by who may call it. HTTP Basic proves an account without any token. */
export type ContextFor<A extends Access> = A extends 'user' | 'operator'
  ? UserContext
  : A extends 'owner'
    ? OwnerContext
    : A extends 'product'
      ? ProductContext
      : A extends 'organization'
        ? OrganizationContext
        : A extends 'token'
          ? TokenContext
          : A extends 'basic'
            ? Ambient & { readonly account: Account }
            : Ambient;

export interface Account {
  readonly userId: string;
  readonly username: string;
}

/** Tells who sends a request. Each rejects with a `DomainError` of section 3.3 of the API notes. */
export interface Authenticator {
  /** By an access token in the header, the query (GET and HEAD) or the body (other methods), else by the cookie of the console. */
  token(request: FastifyRequest): Promise<TokenActor>;
  /** By e-mail and password in HTTP Basic, or by a token as above. */
  basic(request: FastifyRequest): Promise<Account>;
}

/** The server while its routes are being registered. */
export interface HttpApp {
  readonly fastify: FastifyInstance;
  readonly ambient: Ambient;
  readonly authenticator: Authenticator;
  /** Absent where nothing is limited. */
  readonly limits?: RateLimits;
}

interface HandlerInput<A extends Access, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
  readonly ctx: ContextFor<A>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Answers with a success body of the route, or with `reply` itself when it has sent or hijacked it. */
export type RouteHandler<
  A extends Access,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends Responses,
> = (input: HandlerInput<A, P, Q, B>) => Promise<ResponseBody<R> | FastifyReply> | ResponseBody<R> | FastifyReply;
