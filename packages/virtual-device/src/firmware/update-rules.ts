import { type ModuleImage, type OtaFault, OtaFaultCode } from '@cloudchamber/wire';
import type { UpdateFault } from './update-fault.ts';

/** What becomes of updates: the flags that application and cloud set (protocol sections 7.1 and 7.2), and the fault that the device was told to have. */
export class UpdateRules {
  /** Whether the application lets updates in. */
  enabled: boolean;
  /** The cloud lets them in although the application does not. */
  forced = false;
  /** The cloud has an update for the device. */
  pending = false;
  fault: UpdateFault | undefined;

  constructor(enabled: boolean, fault: UpdateFault | undefined) {
    this.enabled = enabled;
    this.fault = fault;
  }

  /** Bytes per second that the device takes; undefined for any number. */
  get bytesPerSecond(): number | undefined {
    return this.fault?.kind === 'slow' ? this.fault.bytesPerSecond : undefined;
  }

  /** What to answer the start of an update with; undefined when it may begin. */
  refusal(): OtaFault | undefined {
    if (this.fault?.kind === 'refuse') {
      return {
        code: this.fault.code ?? OtaFaultCode.UPDATES_DISABLED,
        message: 'the device was told to refuse updates',
      };
    }
    if (this.enabled || this.forced) return undefined;
    return { code: OtaFaultCode.UPDATES_DISABLED, message: 'updates are disabled' };
  }

  /** What the device finds in the end: the modules that it was given, or the fault that it was told to find. */
  verdict(checked: readonly ModuleImage[] | OtaFault): readonly ModuleImage[] | OtaFault {
    if (this.fault?.kind !== 'bad-flash') return checked;
    return { code: OtaFaultCode.INTEGRITY_CHECK_FAILED, message: 'the integrity check failed' };
  }

  /** An event of the cloud; boolean data is true only for the text `true`. */
  hear(name: string, text: string): void {
    if (name === 'particle/device/updates/forced') this.forced = text === 'true';
    else if (name === 'particle/device/updates/pending') this.pending = text === 'true';
  }

  /** The device has restarted: what the cloud told it is forgotten. */
  restart(): void {
    this.forced = false;
    this.pending = false;
  }
}
