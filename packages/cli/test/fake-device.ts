import type { Output } from '@cloudchamber/contract/client';

/** An own device that is online and has described itself. */
export function fakeDevice(facts: Partial<Output<'getDevice'>> = {}): Output<'getDevice'> {
  return {
    id: 'e00fce680000000000000001',
    name: 'greenhouse',
    owner: 'ann@example.net',
    last_ip_address: '192.0.2.10',
    last_heard: '2026-11-20T09:30:00.000Z',
    last_handshake_at: '2026-11-19T18:02:11.000Z',
    product_id: 32,
    online: true,
    connected: true,
    platform_id: 32,
    cellular: false,
    notes: null,
    functions: [],
    variables: {},
    status: 'normal',
    serial_number: null,
    mobile_secret: null,
    system_firmware_version: '6.2.0',
    current_build_target: '6.2.0',
    pinned_build_target: null,
    default_build_target: '6.2.0',
    firmware_updates_enabled: true,
    firmware_updates_forced: false,
    device_protection: { status: 'disabled' },
    ...facts,
  };
}

export function fakeProductDevice(facts: Partial<Output<'getProductDevice'>> = {}): Output<'getProductDevice'> {
  return {
    ...fakeDevice(),
    product_id: 1042,
    firmware_product_id: 1042,
    groups: [],
    firmware_version: 7,
    desired_firmware_version: null,
    targeted_firmware_release_version: null,
    development: false,
    quarantined: false,
    denied: false,
    ...facts,
  };
}
