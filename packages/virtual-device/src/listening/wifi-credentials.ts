/** The security of a Wi-Fi network, by the digits of listening mode. */
export const WifiSecurity = {
  NONE: 0,
  WEP: 1,
  WPA: 2,
  WPA2: 3,
  WPA_ENTERPRISE: 4,
  WPA2_ENTERPRISE: 5,
  WPA3: 6,
} as const;

/** Its cipher, likewise. */
export const WifiCipher = { AES: 1, TKIP: 2, AES_TKIP: 3 } as const;

/** A network within reach of a device's radio. */
export interface SeenNetwork {
  readonly ssid: string;
  /** `WifiSecurity`. */
  readonly security: number;
  /** `WifiCipher`. */
  readonly cipher: number;
}

/** What WPA Enterprise needs besides. Certificates and keys are PEM, with lines that end in CR LF. */
export interface EnterpriseCredentials {
  readonly eap: 'PEAP' | 'EAP-TLS';
  readonly username: string | undefined;
  readonly outerIdentity: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly privateKey: string | undefined;
  readonly rootCa: string | undefined;
}

/** What a device was told of a network. */
export interface WifiCredentials {
  readonly ssid: string;
  /** `WifiSecurity`. */
  readonly security: number;
  /** `WifiCipher`. */
  readonly cipher: number;
  /** Empty where there is none. */
  readonly password: string;
  readonly enterprise: EnterpriseCredentials | undefined;
}
