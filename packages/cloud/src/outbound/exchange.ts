import type { ConnectionRequest } from './connection.ts';
import { OutboundError } from './outbound-error.ts';
import { type OutboundTarget, readTarget } from './outbound-target.ts';
import type { OutboundRequest } from './request.ts';
import { requestHeaders } from './request-headers.ts';

/** One request on its way, and what ends it early. */
export class Exchange {
  readonly target: OutboundTarget;
  readonly rejectUnauthorized: boolean;
  /** What goes over the wire. */
  readonly wire: ConnectionRequest;
  readonly #stop = new AbortController();
  readonly #seconds: number;
  #waitsFor: 'connection' | 'reply' = 'connection';

  /** @throws OutboundError `bad_url` or `bad_request` */
  constructor(request: OutboundRequest) {
    const target = readTarget(request.url);
    this.target = target;
    this.rejectUnauthorized = request.rejectUnauthorized ?? true;
    this.#seconds = request.timeoutMs / 1000;
    this.wire = {
      method: request.method,
      path: target.path,
      headers: requestHeaders(request.headers ?? {}, target),
      body: request.body,
      mostResponseBytes: request.mostResponseBytes,
      signal: this.signal,
    };
  }

  /** Aborts with the OutboundError that the request ends with. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Two requests with the same key may use the same connection: one that was opened without looking at the certificate is not for those that look. */
  get connectionKey(): string {
    return `${this.rejectUnauthorized ? 'checked' : 'unchecked'} ${this.target.origin}`;
  }

  /** Says what is late when the time is up. */
  waitFor(what: 'connection' | 'reply'): void {
    this.#waitsFor = what;
  }

  timeOut(): void {
    const { host } = this.target;
    this.#stop.abort(
      this.#waitsFor === 'reply'
        ? new OutboundError('ESOCKETTIMEDOUT', `${host} did not send a complete reply in ${this.#seconds} s`)
        : new OutboundError('ETIMEDOUT', `There was no connection to ${host} in ${this.#seconds} s`),
    );
  }

  cancel(): void {
    this.#stop.abort(stopping());
  }
}

/** What requests end with that a stop of the cloud interrupts. */
export function stopping(): OutboundError {
  return new OutboundError('unreachable', 'This cloud is stopping; try again when it is back');
}
