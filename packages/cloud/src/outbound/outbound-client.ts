import { type Clock, seconds } from '@cloudchamber/kernel';
import { AllowList } from './allow-list.ts';
import { Connection, ConnectionGone } from './connection.ts';
import { Exchange, stopping } from './exchange.ts';
import { IdleConnections } from './idle-connections.ts';
import { openSocket } from './open-socket.ts';
import type { OutboundReply, OutboundRequest } from './request.ts';
import { createResolver, type ResolveName } from './resolve-name.ts';
import { Slots } from './slots.ts';
import { targetAddresses } from './target-addresses.ts';

export interface OutboundClientOptions {
  /** Entries of CHAMBER_OUTBOUND_ALLOW: what may be reached although it is private. See `AllowList`. */
  readonly allow: readonly string[];
  readonly clock: Clock;
  /** Finds the addresses of a name; this machine's own way by default. */
  readonly resolve?: ResolveName;
}

/** Requests at once, and requests that wait for that; a key is an origin. */
const SLOTS = { perKey: 16, total: 256, mostWaiting: 1024 };
const IDLE = { perKey: 4, total: 64, longestMs: seconds(4) };

/**
 * Requests to servers that users name, guarded so that nobody reaches what only this machine can reach (section 5 of the API notes). Private and reserved
 * networks are refused unless allowed. A name is resolved once and the connection goes to an address that was checked. Redirects are not followed.
 */
export class OutboundClient {
  readonly #allow: AllowList;
  readonly #clock: Clock;
  readonly #resolve: ResolveName;
  readonly #slots = new Slots(SLOTS);
  readonly #idle: IdleConnections;
  readonly #underWay = new Set<Exchange>();
  #closed = false;

  /** @throws ChamberError `outbound.bad_allow` that names the entry of `allow` */
  constructor({ allow, clock, resolve = createResolver() }: OutboundClientOptions) {
    this.#allow = new AllowList(allow);
    this.#clock = clock;
    this.#idle = new IdleConnections(clock, IDLE);
    this.#resolve = resolve;
  }

  /**
   * Sends one request, once: whether to try again is the caller's to know.
   * @throws OutboundError
   */
  async request(request: OutboundRequest): Promise<OutboundReply> {
    if (this.#closed) throw stopping();
    const exchange = new Exchange(request);
    this.#underWay.add(exchange);
    const deadline = this.#clock.after(request.timeoutMs, () => exchange.timeOut());
    let giveBack = (): void => {};
    try {
      giveBack = await this.#slots.take(exchange.target.origin, exchange.signal);
      return await this.#run(exchange);
    } finally {
      deadline.cancel();
      giveBack();
      this.#underWay.delete(exchange);
    }
  }

  /** Ends all connections; requests under way end with `unreachable`. */
  close(): void {
    this.#closed = true;
    for (const exchange of this.#underWay) exchange.cancel();
    this.#idle.clear();
  }

  async #run(exchange: Exchange): Promise<OutboundReply> {
    const idle = this.#idle.take(exchange.connectionKey);
    if (idle !== undefined) {
      try {
        return await this.#send(exchange, idle);
      } catch (error) {
        if (!(error instanceof ConnectionGone)) throw error;
        exchange.waitFor('connection');
      }
    }
    return this.#send(exchange, await this.#connect(exchange));
  }

  async #send(exchange: Exchange, connection: Connection): Promise<OutboundReply> {
    exchange.waitFor('reply');
    const reply = await connection.send(exchange.wire);
    if (this.#closed) connection.destroy();
    else this.#idle.put(exchange.connectionKey, connection);
    return reply;
  }

  async #connect({ target, rejectUnauthorized, signal }: Exchange): Promise<Connection> {
    const addresses = await targetAddresses(target, { allow: this.#allow, resolve: this.#resolve, signal });
    const socket = await openSocket(target, { addresses, rejectUnauthorized, signal });
    const connection = new Connection({ origin: target.origin, host: target.host, socket });
    connection.onClose(() => this.#idle.remove(connection));
    return connection;
  }
}
