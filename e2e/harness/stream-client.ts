import { get, type IncomingMessage } from 'node:http';

export interface StreamClientOptions {
  readonly url: string;
  readonly token: string;
  /** What a proxy says the client's address is. */
  readonly address?: string;
  /** Begins behind this event. */
  readonly lastId?: string;
}

/** A reader of an event stream that goes on behind the last id it has seen whenever it is connected again. */
export class StreamClient {
  /** Ids of the events that it has seen, in order. */
  readonly ids: string[] = [];
  /** Bytes that have come. */
  bytes = 0;
  readonly #options: StreamClientOptions;
  #lastId: string | undefined;
  #response: IncomingMessage | undefined;
  #rest = '';

  constructor(options: StreamClientOptions) {
    this.#options = options;
    this.#lastId = options.lastId;
  }

  get lastId(): string | undefined {
    return this.#lastId;
  }

  /** Resolves when the stream is open. @throws Error for any status but 200 */
  connect(): Promise<void> {
    const { url, token, address } = this.#options;
    const headers = {
      authorization: `Bearer ${token}`,
      ...(address !== undefined && { 'x-forwarded-for': address }),
      ...(this.#lastId !== undefined && { 'last-event-id': this.#lastId }),
    };
    return new Promise((resolve, reject) => {
      const call = get(url, { headers, agent: false }, (response) => {
        if (response.statusCode !== 200) return reject(new Error(`the stream answered ${response.statusCode}`));
        this.#response = response;
        this.#rest = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => this.#take(response, text));
        response.on('error', () => {});
        resolve();
      });
      call.on('error', reject);
    });
  }

  /** Breaks the connection; what is on its way is lost. */
  cut(): void {
    const response = this.#response;
    this.#response = undefined;
    response?.destroy();
  }

  #take(response: IncomingMessage, text: string): void {
    if (response !== this.#response) return;
    this.bytes += text.length;
    const frames = (this.#rest + text).split('\n\n');
    this.#rest = frames.pop() ?? '';
    for (const frame of frames) {
      const id = /^id: (\d+)$/m.exec(frame)?.[1];
      if (id === undefined) continue;
      this.#lastId = id;
      if (frame.startsWith('event: ')) this.ids.push(id);
    }
  }
}
