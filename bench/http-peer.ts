import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';

/** One keep-alive connection that sends the same GET again and again. It reads replies no further than it must, so that the server is what is measured. */
export class HttpPeer {
  readonly #socket: Socket;
  readonly #request: Buffer;
  #answered: (() => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  #rest: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, request: Buffer) {
    this.#socket = socket;
    this.#request = request;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', (error) => this.#failed?.(error));
  }

  static open(url: URL, headers: Readonly<Record<string, string>>): Promise<HttpPeer> {
    const lines = Object.entries({ host: url.host, ...headers }).map(([name, value]) => `${name}: ${value}`);
    const request = Buffer.from(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('\r\n')}${HEAD_END}`);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname, () => resolve(new HttpPeer(socket, request)));
      socket.once('error', reject);
    });
  }

  /** One request and its whole reply. @throws Error for any status but 200 */
  get(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.#socket.write(this.#request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const end = this.#rest.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.#rest.toString('latin1', 0, end);
    const [, length = ''] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
    if (this.#rest.length < end + HEAD_END.length + Number(length)) return;
    const text = this.#rest.toString('utf8');
    this.#rest = Buffer.alloc(0);
    if (head.startsWith('HTTP/1.1 200 ')) this.#answered?.();
    else this.#failed?.(new Error(text));
  }
}
