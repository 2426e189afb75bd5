import { Gateway, type GatewaySettings, type StoredSession } from '@cloudchamber/gateway';
import { type Clock, type DeviceId, seededEntropy, silentLogger, type Timer } from '@cloudchamber/kernel';
import {
  BEHAVIOURS,
  type DeviceProfile,
  memoryStorage,
  type SessionStorage,
  VirtualDevice,
} from '@cloudchamber/virtual-device';
import { generateP256, type PrivateKeyP256 } from '@cloudchamber/wire';
import {
  MemoryVault,
  RawDevice,
  RecordedPorts,
  SimulatedNetwork,
  type SimulatedSocket,
  VirtualClock,
} from '../src/index.ts';

export const SERVER = { address: '10.0.0.1', port: 5684 };

/** The clock of one process: nothing that it was to do happens after its end. */
class ProcessClock implements Clock {
  readonly #clock: Clock;
  #alive = true;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get alive(): boolean {
    return this.#alive;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(delayMs: number, run: () => void): Timer {
    return this.#clock.after(delayMs, () => this.#alive && run());
  }

  kill(): void {
    this.#alive = false;
  }
}

/** What is left of a process: its disk. */
interface Life {
  readonly clock: ProcessClock;
  readonly vault: MemoryVault;
  readonly socket: SimulatedSocket;
  readonly gateway: Gateway;
}

/** A gateway that can be killed at any moment, and started again from what its disk has: in virtual time, on a simulated network. */
export class MortalServer {
  readonly clock = new VirtualClock();
  readonly network: SimulatedNetwork;
  readonly identity = generateP256();
  /** One cloud for all lives; an event is in `ports.published` once it is on the disk. */
  readonly ports = new RecordedPorts();
  readonly #seed: number;
  readonly #settings: Partial<GatewaySettings>;
  #life: Life | undefined;
  #disk: ReadonlyMap<number, StoredSession> = new Map();
  #lives = 0;
  #devices = 0;

  constructor(seed = 1, settings: Partial<GatewaySettings> = {}) {
    this.#seed = seed;
    this.#settings = settings;
    this.network = new SimulatedNetwork(this.clock, seededEntropy(seed));
    this.ports.publish = async (event) => {
      const { vault } = this.life;
      await vault.append(event.witness, () => void this.ports.published.push(event));
    };
    this.start();
  }

  get life(): Life {
    if (this.#life === undefined) throw new Error('the server is dead');
    return this.#life;
  }

  get gateway(): Gateway {
    return this.life.gateway;
  }

  /** Ends the process at once: what it was about to store, send or do never happens. */
  kill(): void {
    const { clock, socket, vault } = this.life;
    clock.kill();
    void socket.close();
    this.#disk = new Map(vault.durable);
    this.#life = undefined;
  }

  /** Ends it as a supervisor does. */
  async stop(): Promise<void> {
    const { vault, gateway } = this.life;
    await gateway.stop();
    const settled = vault.settled();
    await this.clock.elapse(10);
    await settled;
    this.kill();
  }

  start(): void {
    const clock = new ProcessClock(this.clock);
    const vault = new MemoryVault(clock, this.#disk);
    const bound = this.network.bind(SERVER.address, SERVER.port);
    const socket = {
      ...bound,
      send: (...what: Parameters<SimulatedSocket['send']>) => clock.alive && bound.send(...what),
    };
    const gateway = new Gateway({
      ports: this.ports,
      vault,
      clock,
      entropy: seededEntropy(this.#seed * 100 + this.#lives++),
      log: silentLogger,
      identity: this.identity,
      udp: socket as SimulatedSocket,
      settings: this.#settings,
    });
    this.#life = { clock, vault, socket: bound, gateway };
    void gateway.resume(vault.load());
  }

  /** The table of sessions is gone. To be called while the server is dead. */
  wipe(): void {
    this.#disk = new Map();
  }

  device(options: { profile?: DeviceProfile; storage?: SessionStorage } = {}): VirtualDevice {
    const { deviceId, identity } = this.#newIdentity();
    return new VirtualDevice({
      deviceId,
      identity,
      storage: options.storage ?? memoryStorage(),
      serverSpki: this.identity.spki,
      server: SERVER,
      clock: this.clock,
      entropy: seededEntropy(this.#seed * 1000 + this.#devices),
      openSocket: async () => this.network.bind('10.0.1.1'),
      profile: options.profile,
      behaviour: BEHAVIOURS.get('echo'),
    });
  }

  /** A device that does what the test tells it, after its Hello. */
  async greeted(options: { offerCid?: boolean } = {}): Promise<RawDevice> {
    const { deviceId, identity } = this.#newIdentity();
    const device = new RawDevice({
      deviceId,
      identity,
      clock: this.clock,
      entropy: seededEntropy(this.#seed * 1000 + this.#devices),
      socket: this.network.bind('10.0.2.1'),
      server: SERVER,
      serverSpki: this.identity.spki,
      ...options,
    });
    device.startHandshake();
    await this.clock.elapse(20);
    device.hello();
    await this.clock.elapse(20);
    device.take();
    return device;
  }

  #newIdentity(): { deviceId: DeviceId; identity: PrivateKeyP256 } {
    const deviceId = `0a10aced${(this.#devices++).toString(16).padStart(16, '0')}` as DeviceId;
    const identity = generateP256();
    this.ports.keys.set(deviceId, identity.spki);
    return { deviceId, identity };
  }
}
