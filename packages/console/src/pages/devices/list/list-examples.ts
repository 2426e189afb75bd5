import type { Product } from './counts-in.ts';
import type { Device } from './device-rows.ts';

/** A device of a list for tests, which differs in `facts`. */
export function listed(facts: Partial<Device>): Device {
  return {
    id: 'e00fce68a1b2c3d4e5f60718',
    name: 'greenhouse-north',
    owner: 'ann@example.net',
    last_ip_address: null,
    last_heard: null,
    last_handshake_at: null,
    product_id: 32,
    online: false,
    connected: false,
    platform_id: 32,
    cellular: false,
    notes: null,
    functions: null,
    variables: null,
    status: 'normal',
    serial_number: null,
    mobile_secret: null,
    system_firmware_version: null,
    current_build_target: null,
    pinned_build_target: null,
    default_build_target: null,
    firmware_updates_enabled: true,
    firmware_updates_forced: false,
    device_protection: { status: 'disabled' },
    ...facts,
  };
}

/** A product of a list for tests, which differs in `facts`. */
export function exampleProduct(facts: Partial<Product>): Product {
  return {
    id: 1042,
    platform_id: 32,
    name: 'Greenhouse',
    slug: 'greenhouse-v1',
    description: '',
    subscription_id: null,
    user: 'ann',
    org: null,
    organization_id: null,
    groups: [],
    settings: {
      location: { opt_in: false },
      known_application: { opt_in: false },
      quarantine: true,
      unknown_devices: 'quarantine',
    },
    device_protection: 'disabled',
    ...facts,
  };
}
