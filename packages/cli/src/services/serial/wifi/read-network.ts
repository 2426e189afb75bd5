import { createPrivateKey, X509Certificate } from 'node:crypto';
import { type CliError, usageError } from '../../../failure/cli-error.ts';
import { type Enterprise, isEnterprise, SECURITIES, type Security, type WifiNetwork } from './wifi-network.ts';

/** What devices keep of each, in bytes with lines that end in CR LF. */
const MOST_CERTIFICATE = 4090;
const MOST_KEY = 2040;
const MOST_SSID = 32;
const MOST_NAME = 64;

const KEYS = new Set([
  'network',
  'security',
  'password',
  'eap',
  'username',
  'outer_identity',
  'client_certificate',
  'private_key',
  'root_ca',
]);
const FORMAT =
  'It is {"network": "my_ssid", "security": "WPA2_AES", "password": "my_password"}; "chamber serial wifi --help" says more.';

/**
 * A network out of a file of credentials: everything that can be wrong with it is told before a device hears of it.
 * @throws CliError `usage` that names the property; never with a secret in it
 */
export function readNetwork(json: string): WifiNetwork {
  const given = parse(json);
  const unknown = Object.keys(given).find((key) => !KEYS.has(key));
  if (unknown !== undefined) throw bad(`has "${unknown}", which means nothing`);
  const text = (key: string): string | undefined => {
    const value = given[key];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw bad(`has "${key}" that is no text`);
    return value;
  };
  const ssid = text('network');
  if (ssid === undefined) throw bad('has no "network"');
  const security = SECURITIES.find((word) => word.toLowerCase() === text('security')?.toLowerCase());
  if (security === undefined) {
    throw bad(`has the "security" ${JSON.stringify(given.security ?? null)}: it is one of ${SECURITIES.join(', ')}`);
  }
  const password = text('password');
  checkNetwork(ssid, security, password);
  return { ssid, security, password, enterprise: isEnterprise(security) ? readEnterprise(text) : undefined };
}

/** What holds for a name and a password, wherever they come from. @throws CliError `usage` */
export function checkNetwork(ssid: string, security: Security, password: string | undefined): void {
  checkLine('network', ssid, MOST_SSID);
  if (password === undefined || security === 'NONE') return;
  checkLine('password', password, MOST_NAME);
  if (isEnterprise(security)) return;
  const isHex = /^[0-9a-f]+$/i.test(password);
  if (security === 'WEP') {
    if ([5, 13].includes(password.length) || (isHex && [10, 26].includes(password.length))) return;
    throw bad('has a "password" that is no WEP key: those are 5 or 13 characters, or 10 or 26 hex digits');
  }
  if (password.length >= 8 && (password.length < 64 || isHex)) return;
  throw bad('has a "password" that WPA does not know: it is 8 to 63 characters, or 64 hex digits');
}

function readEnterprise(text: (key: string) => string | undefined): Enterprise {
  const eap = text('eap')?.toUpperCase() ?? '';
  const outerIdentity = text('outer_identity');
  if (outerIdentity !== undefined) checkLine('outer_identity', outerIdentity, MOST_NAME);
  const common = { outerIdentity, rootCa: certificate('root_ca', text('root_ca')) };
  if (/^(PEAP(V0)?)([/-](EAP-)?MSCHAPV2)?$/.test(eap)) {
    const username = text('username');
    if (username === undefined) throw bad('has no "username", which PEAP needs');
    checkLine('username', username, MOST_NAME);
    return { eap: 'PEAP', username, ...common };
  }
  if (!/^(EAP[-_/])?TLS$/.test(eap)) {
    throw bad(
      `has the "eap" ${JSON.stringify(text('eap') ?? null)}: devices know PEAP (PEAPv0/EAP-MSCHAPv2) and EAP-TLS alone`,
    );
  }
  const clientCertificate = certificate('client_certificate', text('client_certificate'));
  if (clientCertificate === undefined) throw bad('has no "client_certificate", which EAP-TLS needs');
  const privateKey = pem('private_key', text('private_key'), MOST_KEY);
  if (privateKey === undefined) throw bad('has no "private_key", which EAP-TLS needs');
  checkKey(privateKey, clientCertificate);
  return { eap: 'EAP-TLS', clientCertificate, privateKey, ...common };
}

/** One, or a chain of them. */
function certificate(key: string, given: string | undefined): string | undefined {
  const text = pem(key, given, MOST_CERTIFICATE);
  if (text === undefined) return undefined;
  const each = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (each.length === 0) throw bad(`has a "${key}" that is no certificate in PEM format`);
  for (const one of each) {
    const { publicKey } = parsed(key, () => new X509Certificate(one));
    if (publicKey.asymmetricKeyType !== 'rsa')
      throw bad(`has a "${key}" that is not of an RSA key: devices know RSA alone`);
  }
  return text;
}

function checkKey(privateKey: string, clientCertificate: string): void {
  if (/ENCRYPTED/.test(privateKey)) throw bad('has a "private_key" that is encrypted, which devices cannot read');
  const key = parsed('private_key', () => createPrivateKey(privateKey));
  if (key.asymmetricKeyType !== 'rsa') throw bad('has a "private_key" that is not an RSA key: devices know RSA alone');
  if (!new X509Certificate(clientCertificate).checkPrivateKey(key)) {
    throw bad('has a "private_key" that is not the one of "client_certificate"');
  }
}

/** Lines of PEM, without blanks around them and empty ones, one of which would end the dialogue. */
function pem(key: string, given: string | undefined, most: number): string | undefined {
  if (given === undefined) return undefined;
  const lines = given
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (!/^-----BEGIN [A-Z ]+-----$/.test(lines[0] ?? '')) throw bad(`has a "${key}" that is not in PEM format`);
  if (lines.some((line) => !/^[\x20-\x7e]+$/.test(line)))
    throw bad(`has a "${key}" with characters that PEM does not have`);
  if (lines.join('\r\n').length > most) throw bad(`has a "${key}" that is too long: devices keep ${most} bytes of it`);
  return lines.join('\n');
}

/** What goes over the port as one line: a control character would end or change it. */
function checkLine(key: string, text: string, most: number): void {
  if (/\p{Cc}/u.test(text)) throw bad(`has a "${key}" with a control character`);
  if (Buffer.byteLength(text) > most) throw bad(`has a "${key}" of more than ${most} bytes`);
}

function parsed<T>(key: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw bad(`has a "${key}" that cannot be read`);
  }
}

function parse(json: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // What the parser says may quote the password.
    throw bad('is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('is not a JSON object');
  return { ...value };
}

function bad(what: string): CliError {
  return usageError(`The file of credentials ${what}`, FORMAT);
}
