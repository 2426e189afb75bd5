import type { DeviceId } from '@cloudchamber/kernel';
import type { DeviceSession } from './device-session.ts';

/** Where a datagram's session is looked up: by connection id, or by peer address for devices before 3.1 that have none (protocol section 1.4). */
export interface SessionRoute {
  readonly kind: 'cid' | 'peer';
  readonly key: string;
}

/** Live sessions, and which of them speaks for a device. */
export class SessionTable {
  readonly #byCid = new Map<string, DeviceSession>();
  readonly #byPeer = new Map<string, DeviceSession>();
  readonly #byDevice = new Map<DeviceId, DeviceSession>();
  readonly #all = new Set<DeviceSession>();

  get size(): number {
    return this.#all.size;
  }

  byCid(key: string): DeviceSession | undefined {
    return this.#byCid.get(key);
  }

  byPeer(key: string): DeviceSession | undefined {
    return this.#byPeer.get(key);
  }

  byDevice(deviceId: DeviceId): DeviceSession | undefined {
    return this.#byDevice.get(deviceId);
  }

  values(): IterableIterator<DeviceSession> {
    return this.#all.values();
  }

  /** @param route how its datagrams find it; none for a session that has a stream to itself */
  add(session: DeviceSession, route?: SessionRoute): void {
    this.#all.add(session);
    if (route) this.#map(route).set(route.key, session);
  }

  /** The session's datagrams come from elsewhere from now on. */
  reroute(session: DeviceSession, from: SessionRoute, to: SessionRoute): void {
    const map = this.#map(from);
    if (map.get(from.key) === session) map.delete(from.key);
    this.#map(to).set(to.key, session);
  }

  /** The session speaks for its device from now on. @returns the one that did before. */
  assign(deviceId: DeviceId, session: DeviceSession): DeviceSession | undefined {
    const before = this.#byDevice.get(deviceId);
    this.#byDevice.set(deviceId, session);
    return before === session ? undefined : before;
  }

  remove(session: DeviceSession, route?: SessionRoute): void {
    this.#all.delete(session);
    const map = route && this.#map(route);
    if (route && map?.get(route.key) === session) map.delete(route.key);
    if (session.deviceId && this.#byDevice.get(session.deviceId) === session) this.#byDevice.delete(session.deviceId);
  }

  #map(route: SessionRoute): Map<string, DeviceSession> {
    return route.kind === 'cid' ? this.#byCid : this.#byPeer;
  }
}
