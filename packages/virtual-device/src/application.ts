import {
  ContentFormat,
  DescribeFlag,
  encodeApplicationDescribe,
  encodeMetrics,
  encodeSystemDescribe,
  type FirmwareModule,
  type Metric,
  ModuleFunction,
  ModuleStore,
  sha256,
} from '@cloudchamber/wire';
import type { Behaviour, DeviceSubscription } from './behaviours/behaviour.ts';
import { digest } from './digest.ts';
import type { DeviceProfile } from './profiles/index.ts';

/** A part of Describe, ready to be sent. */
export interface DescribeDocument {
  readonly contentFormat: number;
  readonly payload: Uint8Array;
}

/** What a device offers to the cloud: its behaviour, on its profile, with the subscriptions made at run time. */
export class Application {
  readonly behaviour: Behaviour;
  readonly subscriptions: DeviceSubscription[];
  readonly #profile: DeviceProfile;
  readonly #metrics: () => readonly Metric[];

  constructor(behaviour: Behaviour, profile: DeviceProfile, metrics: () => readonly Metric[]) {
    this.behaviour = behaviour;
    this.subscriptions = [...behaviour.subscriptions];
    this.#profile = profile;
    this.#metrics = metrics;
  }

  /** The part of Describe that a flag asks for, or undefined when there is none (protocol section 8.1). */
  describe(flag: number): DescribeDocument | undefined {
    if (flag === DescribeFlag.SYSTEM) return { contentFormat: ContentFormat.OCTET_STREAM, payload: this.#system() };
    if (flag === DescribeFlag.APPLICATION) return { contentFormat: ContentFormat.TEXT, payload: this.#application() };
    if (flag !== DescribeFlag.METRICS) return undefined;
    return { contentFormat: ContentFormat.OCTET_STREAM, payload: encodeMetrics(this.#metrics()) };
  }

  /** Stands for everything that makes a device say Hello again on resume (protocol section 1.8). */
  systemDigest(): string {
    const { systemVersion, helloFlags, maxMessageSize, maxBinarySize, otaChunkSize } = this.#profile;
    return digest(`${[systemVersion, helloFlags, maxMessageSize, maxBinarySize, otaChunkSize]}`, this.#system());
  }

  applicationDigest(): string {
    return digest(this.#application());
  }

  /** All subscriptions in the order in which they are sent: the system's own first (protocol section 5.4). */
  allSubscriptions(): Pick<DeviceSubscription, 'prefix' | 'accepts'>[] {
    return [...this.#profile.systemSubscriptions.map((prefix) => ({ prefix })), ...this.subscriptions];
  }

  subscriptionsDigest(): string {
    return digest(...this.allSubscriptions().map(({ prefix, accepts }) => `${accepts ?? 'text'} ${prefix}`));
  }

  #application(): Buffer {
    const { functions, variables } = this.behaviour;
    const types = Object.entries(variables).map(([name, { type }]) => [name, type] as const);
    return encodeApplicationDescribe({ functions: Object.keys(functions), variables: Object.fromEntries(types) });
  }

  #system(): Buffer {
    const modules = [...this.#profile.modules, this.#userModule()];
    return encodeSystemDescribe({ modules, assets: [], protectedState: false });
  }

  /** The application as a module, with a hash that stands for what it offers. */
  #userModule(): FirmwareModule {
    const checks = this.#profile.modules[0]?.checkedFlags ?? 0;
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
      dependencies: [{ function: ModuleFunction.SYSTEM_PART, index: 1, version: this.#profile.systemVersion }],
      assetDependencies: [],
    };
  }
}
