import {
  type ApplicationDescribe,
  ContentFormat,
  DescribeFlag,
  encodeApplicationDescribe,
  encodeCombinedDescribe,
  encodeMetrics,
  encodeSystemDescribe,
  encodeSystemDescribeJson,
  type FirmwareModule,
  HelloFlag,
  type Metric,
  ModuleFunction,
  ModuleStore,
  ModuleValidity,
  type SystemDescribe,
  sha256,
} from '@cloudchamber/wire';
import type { Behaviour, DeviceSubscription } from './behaviours/behaviour.ts';
import { DeviceError } from './device-error.ts';
import { digest } from './digest.ts';
import { areMet } from './firmware/dependencies.ts';
import type { FirmwareStore } from './firmware/firmware-store.ts';
import type { DeviceProfile } from './profiles/index.ts';

/** A part of Describe, ready to be sent. */
export interface DescribeDocument {
  readonly contentFormat: number;
  readonly payload: Uint8Array;
}

const BOTH_PARTS = DescribeFlag.SYSTEM | DescribeFlag.APPLICATION;
/** Header, token, path, format and query of a message with a Describe document. */
const DESCRIBE_OVERHEAD = 16;

/** What runs in safe mode: the system alone. */
const NOTHING: Behaviour = { functions: {}, variables: {}, subscriptions: [] };
const DEPENDENCY_CHECKS = ModuleValidity.DEPENDENCIES | ModuleValidity.FULL_DEPENDENCIES;

/** What a device offers to the cloud: its behaviour, on its profile, with the subscriptions made at run time. */
export class Application {
  readonly #behaviour: Behaviour;
  readonly #subscriptions: DeviceSubscription[];
  readonly profile: DeviceProfile;
  readonly #firmware: FirmwareStore;
  readonly #metrics: () => readonly Metric[];

  /** @throws DeviceError `device.unsupported` for what that generation of Device OS can't offer or can't describe in one message */
  constructor(behaviour: Behaviour, profile: DeviceProfile, firmware: FirmwareStore, metrics: () => readonly Metric[]) {
    this.#firmware = firmware;
    this.#behaviour = behaviour;
    this.#subscriptions = [...behaviour.subscriptions];
    this.profile = profile;
    this.#metrics = metrics;
    this.#checkNames();
    this.#checkDescribe();
    for (const { accepts } of this.#subscriptions) this.checkSubscription(accepts);
  }

  /** Flags of Hello: those of the generation, and whether an update was applied since the last. */
  get helloFlags(): number {
    return this.profile.helloFlags | (this.#firmware.updated ? HelloFlag.OTA_SUCCESSFUL : 0);
  }

  /** That of the system module, which an update may have brought. */
  get systemVersion(): number {
    return this.#firmware.module(ModuleFunction.SYSTEM_PART, 1)?.version ?? this.profile.systemVersion;
  }

  /** Whether the application needs modules that the device lacks: the system runs without it then (protocol section 7.1). */
  get safeMode(): boolean {
    const present = this.#firmware.modules(this.profile.modules);
    const isUnmet = (module: FirmwareModule) => !areMet(module.dependencies, present);
    return present.some((module) => module.function === ModuleFunction.USER_PART && isUnmet(module));
  }

  /** What runs: the application, or nothing in safe mode. */
  get behaviour(): Behaviour {
    return this.safeMode ? NOTHING : this.#behaviour;
  }

  /** The handlers of what runs. */
  get subscriptions(): readonly DeviceSubscription[] {
    return this.safeMode ? [] : this.#subscriptions;
  }

  addSubscription(subscription: DeviceSubscription): void {
    this.#subscriptions.push(subscription);
  }

  /** What the device is made of, the application among it. A module that lacks another has not passed that check. */
  modules(): FirmwareModule[] {
    const modules = this.#firmware.modules([...this.profile.modules, this.#userModule()]);
    return modules.map((module) =>
      areMet(module.dependencies, modules)
        ? module
        : { ...module, passedFlags: module.passedFlags & ~DEPENDENCY_CHECKS },
    );
  }

  /** @throws DeviceError `device.unsupported` when handlers of that generation take text only */
  checkSubscription(accepts: DeviceSubscription['accepts']): void {
    if (this.profile.typedEvents || accepts === undefined || accepts === 'text') return;
    throw new DeviceError('device.unsupported', `${this.profile.name} has handlers for text only`);
  }

  /** Whether that generation has metrics. */
  get hasMetrics(): boolean {
    return (this.profile.helloFlags & HelloFlag.DIAGNOSTICS) !== 0;
  }

  /** The part of Describe that a flag asks for, or undefined when there is none (protocol section 8.1). */
  describe(flag: number): DescribeDocument | undefined {
    const { describe } = this.profile;
    if (flag === DescribeFlag.SYSTEM) return this.#system();
    if (flag === DescribeFlag.APPLICATION) return { contentFormat: ContentFormat.TEXT, payload: this.#application() };
    if (flag === BOTH_PARTS && describe.combined) return this.#combined();
    if (flag !== DescribeFlag.METRICS || !this.hasMetrics) return undefined;
    return { contentFormat: ContentFormat.OCTET_STREAM, payload: encodeMetrics(this.#metrics()) };
  }

  /** Stands for everything that makes a device say Hello again on resume (protocol section 1.8). */
  systemDigest(): string {
    const { maxMessageSize, maxBinarySize, otaChunkSize } = this.profile;
    const sizes = [this.systemVersion, this.helloFlags, maxMessageSize, maxBinarySize, otaChunkSize];
    return digest(`${sizes}`, this.#system().payload);
  }

  applicationDigest(): string {
    return digest(this.#application());
  }

  /** All subscriptions in the order in which they are sent: the system's own first (protocol section 5.4). */
  allSubscriptions(): Pick<DeviceSubscription, 'prefix' | 'accepts'>[] {
    return [...this.profile.systemSubscriptions.map((prefix) => ({ prefix })), ...this.subscriptions];
  }

  subscriptionsDigest(): string {
    return digest(...this.allSubscriptions().map(({ prefix, accepts }) => `${accepts ?? 'text'} ${prefix}`));
  }

  #application(): Buffer {
    return encodeApplicationDescribe(this.#offer());
  }

  #offer(): ApplicationDescribe {
    const { functions, variables } = this.behaviour;
    const types = Object.entries(variables).map(([name, { type }]) => [name, type] as const);
    return { functions: Object.keys(functions), variables: Object.fromEntries(types) };
  }

  #system(): DescribeDocument {
    const state = this.#systemState();
    if (this.profile.describe.system === 'json') {
      return { contentFormat: ContentFormat.TEXT, payload: encodeSystemDescribeJson(state) };
    }
    return { contentFormat: ContentFormat.OCTET_STREAM, payload: encodeSystemDescribe(state) };
  }

  #combined(): DescribeDocument {
    return { contentFormat: ContentFormat.TEXT, payload: encodeCombinedDescribe(this.#offer(), this.#systemState()) };
  }

  #systemState(): SystemDescribe {
    const { assets } = this.#firmware;
    return { platformId: this.profile.platformId, modules: this.modules(), assets, protectedState: false };
  }

  #checkNames(): void {
    const { name: profile, maxNameBytes } = this.profile;
    const { functions, variables } = this.#behaviour;
    for (const name of [...Object.keys(functions), ...Object.keys(variables)]) {
      if (Buffer.byteLength(name) <= maxNameBytes) continue;
      throw new DeviceError('device.unsupported', `${profile} has no room for the name ${name}`);
    }
  }

  #checkDescribe(): void {
    const { name, describe, maxMessageSize } = this.profile;
    if (describe.blockwise) return;
    const room = maxMessageSize - DESCRIBE_OVERHEAD;
    const parts = [DescribeFlag.SYSTEM, DescribeFlag.APPLICATION, BOTH_PARTS].map((flag) => this.describe(flag));
    if (parts.every((part) => part === undefined || part.payload.length <= room)) return;
    throw new DeviceError('device.unsupported', `${name} can't describe this application in one message`);
  }

  /** The application as a module, with a hash that stands for what it offers. */
  #userModule(): FirmwareModule {
    const checks = this.profile.modules[0]?.checkedFlags ?? 0;
    return {
      function: ModuleFunction.USER_PART,
      index: 1,
      version: 6,
      store: ModuleStore.MAIN,
      maxSize: 262_144,
      size: 0,
      checkedFlags: checks,
      passedFlags: checks,
      hash: sha256(this.#application()).toString('hex'),
      dependencies: [{ function: ModuleFunction.SYSTEM_PART, index: 1, version: this.profile.systemVersion }],
      assetDependencies: [],
    };
  }
}
