import { findPlatform } from '@cloudchamber/wire';
import { CliError } from '../../../failure/cli-error.ts';
import type { WifiNetwork } from './wifi-network.ts';

/** Platforms with WPA Enterprise (NET-05). */
const ENTERPRISE = new Set([6, 8]);
/** Device OS with WPA Enterprise, and with intermediate certificates in it (NET-05). */
const ENTERPRISE_SINCE = [0, 7];
const CHAINS_SINCE = [1, 5, 4];

/**
 * Whether a board can join such a network, before it is told of it.
 * @returns warnings: what works, and should not be relied on
 * @throws CliError `failure` that says what the board does not have
 */
export function checkFamily(
  network: WifiNetwork,
  platformId: number | undefined,
  version: string | undefined,
): string[] {
  const platform = platformId === undefined ? undefined : findPlatform(platformId);
  const board = platform?.displayName ?? 'this board';
  if (platform !== undefined && !platform.wireless.includes('wifi')) {
    throw new CliError('failure', `The device is a ${board}, which has no Wi-Fi`);
  }
  const { enterprise, security } = network;
  if (enterprise === undefined) {
    return security === 'WEP' ? ['WEP keeps nobody out: use WPA2 if the network can.'] : [];
  }
  if (platformId !== undefined && !ENTERPRISE.has(platformId)) {
    throw new CliError('failure', `WPA Enterprise is there on the Photon and the P1 alone, and this is a ${board}`, {
      next: 'Use a network with a password (WPA2_AES).',
    });
  }
  if (version !== undefined && isBefore(version, ENTERPRISE_SINCE)) {
    throw new CliError('failure', `WPA Enterprise needs Device OS 0.7.0, and the device has ${version}`, {
      next: 'Update its Device OS first.',
    });
  }
  const texts = [enterprise.rootCa, enterprise.eap === 'EAP-TLS' ? enterprise.clientCertificate : undefined];
  const chained = texts.some((text) => (text?.match(/-----BEGIN CERTIFICATE-----/g) ?? []).length > 1);
  if (chained && version !== undefined && isBefore(version, CHAINS_SINCE)) {
    return [`Intermediate certificates need Device OS 1.5.4 or 2.0, and the device has ${version}.`];
  }
  return [];
}

/** Whether a board scans before it joins, and so finds no hidden network (NET-10). */
export function cannotJoinHidden(platformId: number | undefined): boolean {
  return platformId !== undefined && (findPlatform(platformId)?.generation ?? 0) >= 3;
}

function isBefore(version: string, least: readonly number[]): boolean {
  const parts = version.split(/[.-]/).map(Number);
  for (const [at, wanted] of least.entries()) {
    const part = parts[at] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}
