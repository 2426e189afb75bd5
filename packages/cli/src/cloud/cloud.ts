import { ApiError, type Client, createClient, type OperationPaths } from '@cloudchamber/contract/client';
import { CliError } from '../failure/cli-error.ts';
import type { Settings } from '../profile/settings.ts';
import { type HttpReply, httpFetch } from './http-fetch.ts';
import { reasonOf, unreachable } from './unreachable.ts';

/** The cloud that commands talk to. Every call ends at Ctrl-C, and throws ApiError for refusals, CliError without a log-in. */
export interface Cloud {
  /** Without a slash at its end. */
  readonly url: string;
  /** Calls an operation as whoever is logged in. @throws CliError of kind `login` when nobody is */
  readonly call: Client['call'];
  /** Without a token: logging in, and what is public. */
  readonly anonymous: Client;
  /** By e-mail and password (HTTP Basic), for the few routes that take them. */
  withPassword(username: string, password: string): Client;
  /** The token. @throws CliError of kind `login` when nobody is logged in */
  token(): string;
  /** The same cloud with another token. */
  withToken(token: string): Cloud;
  /** A reply that is no JSON, such as a file. @param path from the slash on @throws ApiError when it is refused */
  download(path: string): Promise<Uint8Array>;
}

interface CloudOptions {
  readonly settings: Pick<Settings, 'apiUrl' | 'token' | 'foreignToken' | 'profile'>;
  readonly paths: OperationPaths;
  readonly interrupted: AbortSignal;
  readonly userAgent: string;
  /** Is told of each request: method, path, status or failure, ms, request id. Never of headers or bodies. */
  onRequest(line: string): void;
  /** ms */
  readonly now: () => number;
}

export function openCloud(options: CloudOptions): Cloud {
  const { settings, interrupted } = options;
  const { apiUrl: url } = settings;
  const send = async (address: string, asked: Parameters<typeof httpFetch>[1]): Promise<HttpReply> => {
    const begun = options.now();
    const told = (end: string): void =>
      options.onRequest(`${asked.method} ${maskedPath(address, url)} ${end} ${Math.round(options.now() - begun)} ms`);
    try {
      const headers = { 'user-agent': options.userAgent, ...asked.headers };
      const reply = await httpFetch(address, { ...asked, headers, signal: asked.signal ?? interrupted });
      told(`${reply.status} ${reply.headers.get('x-request-id') ?? ''}`.trim());
      return reply;
    } catch (error) {
      if (interrupted.aborted) throw error;
      told(reasonOf(error));
      throw unreachable(url, error);
    }
  };
  const clientWith = (authorization: string | undefined): Client =>
    createClient({
      url,
      paths: options.paths,
      fetch: send,
      headers: (): Record<string, string> => (authorization === undefined ? {} : { authorization }),
    });
  const open = (given: string | undefined): Cloud => {
    const token = (): string => {
      if (given !== undefined) return given;
      throw new CliError('login', `You are not logged in at ${url}`, {
        next: settings.foreignToken
          ? `Log in with "chamber login"; the login of the profile "${settings.profile}" is for another cloud.`
          : 'Log in with "chamber login".',
      });
    };
    const client = clientWith(given === undefined ? undefined : `Bearer ${given}`);
    return {
      url,
      call: async (...args) => {
        token();
        return unlessInterrupted(interrupted, client.call(...args));
      },
      anonymous: clientWith(undefined),
      withPassword: (username, password) =>
        clientWith(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`),
      token,
      withToken: open,
      async download(path) {
        const asked = { method: 'GET', headers: { authorization: `Bearer ${token()}` } };
        const reply = await send(url + path, asked);
        if (reply.ok) return reply.bytes;
        throw await refusalOf(reply);
      },
    };
  };
  return open(settings.token);
}

async function unlessInterrupted<T>(interrupted: AbortSignal, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (interrupted.aborted) throw new CliError('interrupted', 'Interrupted', { cause: error });
    throw error;
  }
}

async function refusalOf(reply: HttpReply): Promise<ApiError> {
  const again = createClient({
    url: '',
    paths: { getDevice: ['GET', '/'] },
    fetch: async () => reply,
    headers: () => ({}),
  });
  try {
    await again.call('getDevice', { params: { deviceId: '' } });
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  return new ApiError(`The cloud answered ${reply.status}`, { status: reply.status });
}

/** Tokens stand in some paths. */
function maskedPath(address: string, url: string): string {
  return address
    .slice(url.length)
    .replace(/(access_tokens\/)(?!current\b)[^/?]+/g, '$1…')
    .replace(/([?&](?:access_token|code|token|otp)=)[^&]*/g, '$1…');
}
