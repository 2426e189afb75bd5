import { encodeSystemDescribeJson } from '@cloudchamber/wire';
import type { ListeningBoard } from './listening-board.ts';
import {
  type EnterpriseCredentials,
  type SeenNetwork,
  type WifiCredentials,
  WifiSecurity,
} from './wifi-credentials.ts';

/** What a device does in answer to bytes. */
export type ListeningEffect =
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  /** It keeps these, and connects. */
  | { readonly kind: 'credentials'; readonly credentials: WifiCredentials }
  /** It leaves listening mode. */
  | { readonly kind: 'left' }
  /** It restarts into safe mode, and listens there. */
  | { readonly kind: 'restarted' };

interface ListeningOptions {
  readonly board: ListeningBoard;
  /** 24 hex digits. */
  readonly deviceId: string;
  /** Networks that its scan finds. */
  readonly sees?: readonly SeenNetwork[];
  /** It fails to keep credentials. */
  readonly cannotSave?: boolean;
}

/** What the dialogue waits for: the next byte, or that what came along with the last one is thrown away. */
type Wanted = 'byte' | 'flush';
type Dialogue<T> = Generator<Wanted, T, number>;

const BACKSPACE = 8;
const DELETE = 127;
const ENDS = new Set([10, 13]);
/** Characters that a certificate and a key may have. */
const MOST_CERTIFICATE = 4095;
const MOST_KEY = 2047;
const MOST_PASSWORD = 64;

/**
 * Listening mode on a serial port, as Device OS 1.5 to 6.2 has it (docs/virtual-devices.md): single letters, some of which begin a dialogue of lines. Pure: bytes
 * in, effects out. What comes along behind the end of a line, in the same piece, is lost, as on a device.
 */
export class ListeningMode {
  readonly #options: ListeningOptions;
  readonly #dialogue: Dialogue<never>;
  #wanted: Wanted;
  #effects: ListeningEffect[] = [];
  #output: number[] = [];

  constructor(options: ListeningOptions) {
    this.#options = options;
    this.#dialogue = this.#letters();
    this.#wanted = this.#dialogue.next().value;
  }

  receive(bytes: Uint8Array): readonly ListeningEffect[] {
    this.#effects = [];
    for (const byte of bytes) {
      this.#wanted = this.#dialogue.next(byte).value;
      if (this.#wanted === 'flush') {
        this.#wanted = this.#dialogue.next(0).value;
        break;
      }
    }
    this.#put();
    return this.#effects;
  }

  *#letters(): Dialogue<never> {
    const { board, deviceId } = this.#options;
    for (;;) {
      switch (String.fromCharCode(yield 'byte')) {
        case 'i':
          if (board.facts.length === 0) this.#print(`Your device id is ${deviceId}\r\n`);
          else
            for (const [name, value] of [['Device ID', deviceId], ...board.facts]) this.#print(`${name}: ${value}\r\n`);
          break;
        case 'v':
          this.#print(`system firmware version: ${board.version}\n\r\n`);
          break;
        case 'm':
          this.#print(`Your device MAC address is\r\n${board.mac}\r\n`);
          break;
        case 's':
          this.#print(`${this.#describe()}\r\n`);
          break;
        case 'c':
          this.#print('Device claimed: no\r\n');
          break;
        case 'w':
          if (board.wifi) yield* this.#wifi();
          break;
        case 'x':
          this.#do({ kind: 'left' });
          break;
        case 'L':
          this.#do({ kind: 'restarted' });
          break;
      }
    }
  }

  *#wifi(): Dialogue<void> {
    const { board, sees = [], cannotSave = false } = this.#options;
    const ssid = yield* this.#ask('SSID: ', 32, (line) => line !== '');
    const seen = sees.find((network) => network.ssid === ssid);
    const security = seen?.security ?? (yield* this.#security());
    const cipher =
      seen?.cipher ??
      Number(yield* this.#ask('Security Cipher 1=AES, 2=TKIP, 3=AES+TKIP: ', 1, (line) => /^[123]$/.test(line)));
    let password = '';
    let enterprise: EnterpriseCredentials | undefined;
    if (security === WifiSecurity.WPA_ENTERPRISE || security === WifiSecurity.WPA2_ENTERPRISE) {
      if (board.enterprise) ({ password, enterprise } = yield* this.#enterprise());
    } else if (security !== WifiSecurity.NONE) password = yield* this.#ask('Password: ', MOST_PASSWORD);
    if (cannotSave) {
      this.#print("Sorry, we couldn't save the credentials.\r\n\r\n");
      return;
    }
    this.#print('    Particle <3 you!\r\n\r\n');
    this.#do({ kind: 'credentials', credentials: { ssid, security, cipher, password, enterprise } });
  }

  *#security(): Dialogue<number> {
    const { enterprise } = this.#options.board;
    const more = enterprise ? ', 4=WPA Enterprise, 5=WPA2 Enterprise' : '';
    const digits = enterprise ? /^[0-5]$/ : /^[0-36]$/;
    return Number(
      yield* this.#ask(`Security 0=unsecured, 1=WEP, 2=WPA, 3=WPA2${more}: `, 1, (line) => digits.test(line)),
    );
  }

  *#enterprise(): Dialogue<{ password: string; enterprise: EnterpriseCredentials }> {
    const type = yield* this.#ask('EAP Type 0=PEAP/MSCHAPv2, 1=EAP-TLS: ', 1, (line) => /^[01]$/.test(line));
    const tls = type === '1';
    const clientCertificate = tls
      ? yield* this.#askPem('Client certificate in PEM format:\r\n', MOST_CERTIFICATE)
      : undefined;
    const privateKey = tls ? yield* this.#askPem('Private key in PEM format:\r\n', MOST_KEY) : undefined;
    const username = tls ? undefined : yield* this.#ask('Username: ', 64);
    const password = tls ? '' : yield* this.#ask('Password: ', MOST_PASSWORD);
    const outerIdentity = yield* this.#ask('Outer identity (optional): ', 64);
    const rootCa = yield* this.#askPem('Root CA in PEM format (optional):\r\n', MOST_CERTIFICATE);
    return {
      password,
      enterprise: {
        eap: tls ? 'EAP-TLS' : 'PEAP',
        username,
        outerIdentity: outerIdentity === '' ? undefined : outerIdentity,
        clientCertificate,
        privateKey,
        rootCa,
      },
    };
  }

  /** Asks until the answer is one. */
  *#ask(prompt: string, most: number, isAnswer: (line: string) => boolean = () => true): Dialogue<string> {
    for (;;) {
      this.#print(prompt);
      const line = yield* this.#line(most);
      yield 'flush';
      if (isAnswer(line)) return line;
    }
  }

  /** Lines up to an empty one; what is no PEM counts as nothing. */
  *#askPem(prompt: string, most: number): Dialogue<string | undefined> {
    this.#print(prompt);
    let whole = '';
    while (most - whole.length > 3) {
      const line = yield* this.#line(most - whole.length);
      if (line === '') return /-----BEGIN [^-]+-----/.test(whole) ? whole : undefined;
      whole += `${line}\r\n`;
    }
    yield 'flush';
    return undefined;
  }

  /** A line, which is echoed. One that is too long ends where it is full. */
  *#line(most: number): Dialogue<string> {
    const line: number[] = [];
    for (;;) {
      const byte = yield 'byte';
      if (line.length === most || ENDS.has(byte)) break;
      const erases = byte === BACKSPACE || byte === DELETE;
      if (erases && line.pop() === undefined) continue;
      if (!erases) line.push(byte);
      this.#output.push(byte);
    }
    this.#print('\r\n');
    return Buffer.from(line).toString('utf8');
  }

  #describe(): string {
    const { platformId, modules, imei, iccid } = this.#options.board;
    const text = encodeSystemDescribeJson({
      platformId,
      modules,
      assets: [],
      protectedState: false,
      ...(imei !== undefined && { imei }),
      ...(iccid !== undefined && { iccid }),
    });
    return text.toString('utf8');
  }

  #print(text: string): void {
    this.#output.push(...Buffer.from(text));
  }

  #put(): void {
    if (this.#output.length > 0) this.#effects.push({ kind: 'output', bytes: Uint8Array.from(this.#output) });
    this.#output = [];
  }

  #do(effect: ListeningEffect): void {
    this.#put();
    this.#effects.push(effect);
  }
}
