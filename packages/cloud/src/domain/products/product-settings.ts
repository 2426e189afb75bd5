import { DomainError } from '../domain-error.ts';
import type { ProductSettings } from './product.ts';

/** What a caller may change; what is left out stays. */
export interface ProductSettingsInput {
  readonly location?: { readonly opt_in?: boolean | undefined } | undefined;
  readonly known_application?: { readonly opt_in?: boolean | undefined } | undefined;
  /** True stands for `unknown_devices: 'quarantine'`. */
  readonly quarantine?: boolean | undefined;
  readonly unknown_devices?: ProductSettings['unknown_devices'] | undefined;
}

export const DEFAULT_SETTINGS: ProductSettings = {
  location: { opt_in: false },
  known_application: { opt_in: false },
  unknown_devices: 'quarantine',
};

/**
 * The settings after a change.
 * @throws DomainError `invalid` when `quarantine` and `unknown_devices` contradict each other.
 */
export function changedSettings(before: ProductSettings, input: ProductSettingsInput): ProductSettings {
  return {
    location: { opt_in: input.location?.opt_in ?? before.location.opt_in },
    known_application: { opt_in: input.known_application?.opt_in ?? before.known_application.opt_in },
    unknown_devices: unknownDevices(before, input),
  };
}

function unknownDevices(before: ProductSettings, input: ProductSettingsInput): ProductSettings['unknown_devices'] {
  const { quarantine, unknown_devices: given } = input;
  if (given !== undefined) {
    if (quarantine === undefined || quarantine === (given === 'quarantine')) return given;
    throw new DomainError(
      'invalid',
      'invalid_request',
      'settings.quarantine and settings.unknown_devices contradict each other: send one of them',
    );
  }
  if (quarantine === undefined) return before.unknown_devices;
  if (quarantine) return 'quarantine';
  return before.unknown_devices === 'quarantine' ? 'approve' : before.unknown_devices;
}
