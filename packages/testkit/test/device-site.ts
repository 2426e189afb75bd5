import { Gateway, type GatewaySettings } from '@cloudchamber/gateway';
import { type DeviceId, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import {
  BEHAVIOURS,
  type BehaviourFactory,
  type DeviceProfile,
  FirmwareStore,
  memoryStorage,
  type SessionStorage,
  type StateChange,
  VirtualDevice,
  type VirtualDeviceOptions,
} from '@cloudchamber/virtual-device';
import { generateP256, generateRsa, type PrivateKeyP256, type PrivateKeyRsa } from '@cloudchamber/wire';
import {
  RecordedPorts,
  SimulatedNetwork,
  type SimulatedSocket,
  type SimulatedStream,
  SimulatedStreams,
  VirtualClock,
} from '../src/index.ts';

export const SERVER = { address: '10.0.0.1', port: 5684 };
const TCP_SERVER = { address: '10.0.0.1', port: 5683 };
/** Made once: a key of 2048 bits takes a while. */
const TCP_IDENTITY = generateRsa(2048);

export interface SiteDevice {
  readonly device: VirtualDevice;
  /** RSA for a device on TCP. */
  readonly identity: PrivateKeyP256 | PrivateKeyRsa;
  readonly storage: SessionStorage;
  /** What it has got over the air. */
  readonly firmware: FirmwareStore;
  readonly changes: StateChange[];
  /** Of each of its connections, the newest last. */
  readonly sockets: SimulatedSocket[];
  /** Likewise, of a device on TCP. */
  readonly streams: SimulatedStream[];
}

export interface DeviceSettings {
  readonly behaviour?: BehaviourFactory;
  readonly profile?: DeviceProfile;
  readonly serverSpki?: Uint8Array;
  readonly registered?: boolean;
  /** What it is told besides. */
  readonly options?: Pick<
    VirtualDeviceOptions,
    'updateFault' | 'updatesEnabled' | 'vitalsIntervalMs' | 'productId' | 'productVersion'
  >;
  /** Makes the same device again, as after a restart of its process. */
  readonly like?: SiteDevice;
}

/** A gateway with an in-memory cloud and any number of virtual devices, on one simulated network in virtual time. */
export class DeviceSite {
  readonly clock = new VirtualClock();
  readonly network: SimulatedNetwork;
  readonly streams = new SimulatedStreams(this.clock, TCP_SERVER.port);
  readonly ports = new RecordedPorts();
  readonly identity = generateP256();
  gateway: Gateway;
  /** Record types that devices sent, in order. */
  readonly recordTypes: number[] = [];
  readonly #seed: number;
  readonly #settings: Partial<GatewaySettings>;
  #made = 0;

  constructor(seed = 1, settings: Partial<GatewaySettings> = {}) {
    this.#seed = seed;
    this.#settings = settings;
    this.network = new SimulatedNetwork(this.clock, seededEntropy(seed));
    this.network.intercept = (bytes, _from, to) => {
      if (to.startsWith(SERVER.address)) this.recordTypes.push(bytes[0] as number);
      return 'pass';
    };
    this.gateway = this.#open();
  }

  /** Another gateway at the same address, which knows none of the sessions. */
  async restartGateway(): Promise<void> {
    await this.gateway.stop();
    this.gateway = this.#open();
  }

  device(settings: DeviceSettings = {}): SiteDevice {
    const { like } = settings;
    const number = this.#made++;
    const deviceId = like?.device.deviceId ?? (`0a10aced${number.toString(16).padStart(16, '0')}` as DeviceId);
    const onTcp = settings.profile?.transport === 'tcp';
    const identity = like?.identity ?? (onTcp ? generateRsa(1024) : generateP256());
    const storage = like?.storage ?? memoryStorage();
    const firmware = like?.firmware ?? new FirmwareStore();
    if (settings.registered ?? true) this.ports.keys.set(deviceId, identity.spki);
    const sockets: SimulatedSocket[] = [];
    const streams: SimulatedStream[] = [];
    const { profile, behaviour = BEHAVIOURS.get('echo') } = settings;
    const common = { ...settings.options, deviceId, storage, firmware, behaviour, clock: this.clock };
    const options = { ...common, entropy: seededEntropy(this.#seed * 1000 + number) };
    const openSocket = async (): Promise<SimulatedSocket> => {
      const socket = this.network.bind('10.0.1.1');
      sockets.push(socket);
      return socket;
    };
    const openStream = async (): Promise<SimulatedStream> => {
      const stream = this.streams.connect('10.0.1.1');
      streams.push(stream);
      return stream;
    };
    const device =
      'size' in identity
        ? new VirtualDevice({
            ...options,
            profile: profile as DeviceProfile,
            identity,
            serverSpki: settings.serverSpki ?? TCP_IDENTITY.spki,
            server: TCP_SERVER,
            openStream,
          })
        : new VirtualDevice({
            ...options,
            profile,
            identity,
            serverSpki: settings.serverSpki ?? this.identity.spki,
            server: SERVER,
            openSocket,
          });
    const changes: StateChange[] = [];
    device.onState((change) => changes.push(change));
    return { device, identity, storage, firmware, changes, sockets, streams };
  }

  /** A device that has connected over a good network. */
  async connected(settings: DeviceSettings = {}): Promise<SiteDevice> {
    const made = this.device(settings);
    void made.device.connect();
    await this.clock.elapse(100);
    if (made.device.state !== 'connected') throw new Error(`the device is ${made.device.state}`);
    return made;
  }

  /** Lets time go on until `met`. @returns the ms that it took @throws Error when it was not met in `limitMs` */
  async until(limitMs: number, met: () => boolean): Promise<number> {
    const begun = this.clock.monotonic();
    while (!met()) {
      if (this.clock.monotonic() - begun >= limitMs) throw new Error(`it did not come about within ${limitMs} ms`);
      await this.clock.elapse(100);
    }
    return this.clock.monotonic() - begun;
  }

  #open(): Gateway {
    return new Gateway({
      ports: this.ports,
      clock: this.clock,
      entropy: seededEntropy(this.#seed + 7),
      log: silentLogger,
      identity: this.identity,
      udp: this.network.bind(SERVER.address, SERVER.port),
      tcp: { listener: this.streams, identity: TCP_IDENTITY },
      settings: this.#settings,
    });
  }
}
