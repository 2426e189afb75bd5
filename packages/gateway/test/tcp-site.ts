import { type DeviceId, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import {
  RawTcpDevice,
  RecordedPorts,
  type SimulatedStream,
  SimulatedStreams,
  VirtualClock,
} from '@cloudchamber/testkit';
import { generateP256, generateRsa } from '@cloudchamber/wire';
import { Gateway, type GatewaySettings } from '../src/index.ts';

/** Made once: a key of 2048 bits takes a while. */
export const SERVER_KEY = generateRsa(2048);
export const DEVICE_KEY = generateRsa(1024);
export const DEVICE = '0a10aced202194944a042f04' as DeviceId;

export interface TcpDeviceSettings {
  readonly deviceId?: DeviceId;
  readonly address?: string;
  /** False: the cloud doesn't know the device. */
  readonly registered?: boolean;
  readonly sendKey?: boolean;
}

/** A gateway with TCP only and an in-memory cloud, in virtual time. */
export class TcpSite {
  readonly clock = new VirtualClock();
  readonly streams = new SimulatedStreams(this.clock);
  readonly ports = new RecordedPorts();
  readonly gateway: Gateway;
  #devices = 0;

  constructor(settings: Partial<GatewaySettings> = {}, seed = 1) {
    this.gateway = new Gateway({
      ports: this.ports,
      clock: this.clock,
      entropy: seededEntropy(seed),
      log: silentLogger,
      identity: generateP256(),
      tcp: { listener: this.streams, identity: SERVER_KEY },
      settings,
    });
  }

  device(settings: TcpDeviceSettings = {}): RawTcpDevice & { readonly stream: SimulatedStream } {
    const { deviceId = DEVICE, address = '10.0.0.2', registered = true, sendKey } = settings;
    if (registered) this.ports.keys.set(deviceId, DEVICE_KEY.spki);
    const stream = this.streams.connect(address);
    const options = { deviceId, stream, identity: DEVICE_KEY, serverSpki: SERVER_KEY.spki, sendKey };
    const entropy = seededEntropy(100 + this.#devices++);
    return new RawTcpDevice({ ...options, entropy }) as RawTcpDevice & { readonly stream: SimulatedStream };
  }

  /** A device that has said Hello and got the server's. */
  async connected(settings: TcpDeviceSettings = {}): Promise<RawTcpDevice & { readonly stream: SimulatedStream }> {
    const device = this.device(settings);
    await this.clock.elapse(10);
    device.hello();
    await this.clock.elapse(10);
    device.take();
    return device;
  }

  count(name: string, label = ''): number {
    return this.gateway.counters.get(name, label);
  }
}
