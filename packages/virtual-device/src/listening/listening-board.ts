import type { FirmwareModule } from '@cloudchamber/wire';

/** What listening mode tells of a device, and what it offers on its kind of board. */
export interface ListeningBoard {
  readonly platformId: number;
  /** Of Device OS, such as `1.5.2`. */
  readonly version: string;
  /** Asks for the credentials of networks. */
  readonly wifi: boolean;
  /** Offers WPA Enterprise: Gen 2 with Wi-Fi (NET-05). */
  readonly enterprise: boolean;
  /** Lines beside the device id, by their names: boards that have none answer in older words. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Of its Wi-Fi; boards without tell zeros. */
  readonly mac: string;
  readonly modules: readonly FirmwareModule[];
  readonly imei?: string;
  readonly iccid?: string;
}
