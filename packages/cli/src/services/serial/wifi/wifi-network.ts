/** Words of `security` in a file of credentials (CLI-45). */
export const SECURITIES = [
  'NONE',
  'WEP',
  'WPA2_AES',
  'WPA2_TKIP',
  'WPA2_AES+TKIP',
  'WPA_AES',
  'WPA_TKIP',
  'WPA_AES+TKIP',
  'WPA_802.1x',
  'WPA2_802.1x',
] as const;

export type Security = (typeof SECURITIES)[number];

/** How WPA Enterprise tells who a device is (NET-06). Certificates and keys are PEM, with lines that end in LF. */
export type Enterprise = { readonly outerIdentity: string | undefined; readonly rootCa: string | undefined } & (
  | { readonly eap: 'PEAP'; readonly username: string }
  | { readonly eap: 'EAP-TLS'; readonly clientCertificate: string; readonly privateKey: string }
);

/** A network as a device is told of it. */
export interface WifiNetwork {
  readonly ssid: string;
  readonly security: Security;
  /** Undefined where there is none, or none was given yet. */
  readonly password: string | undefined;
  /** With WPA Enterprise alone. */
  readonly enterprise: Enterprise | undefined;
}

/** Whether the network cannot be joined without a password. */
export function needsPassword({ security, enterprise }: WifiNetwork): boolean {
  return enterprise === undefined ? security !== 'NONE' : enterprise.eap === 'PEAP';
}

export function isEnterprise(security: Security): boolean {
  return security.endsWith('802.1x');
}
