import type Particle from 'particle-api-js';
import { eventually } from './eventually.ts';

type EventStream = Awaited<ReturnType<Particle['getEventStream']>>;

export interface StreamEvent {
  readonly name: string;
  readonly data: string | null;
  readonly ttl: number;
  readonly published_at: string;
  readonly coreid: string;
}

/** An event stream of the published client, with everything that it told its user. */
export class RecordedStream {
  readonly events: StreamEvent[] = [];
  disconnects = 0;
  reconnects = 0;
  readonly #stream: EventStream;

  private constructor(stream: EventStream) {
    this.#stream = stream;
    stream.on('event', (event: StreamEvent) => this.events.push(event));
    stream.on('disconnect', () => {
      this.disconnects += 1;
    });
    stream.on('reconnect', () => {
      this.reconnects += 1;
    });
  }

  static async open(client: Particle, options: Parameters<Particle['getEventStream']>[0]): Promise<RecordedStream> {
    return new RecordedStream(await client.getEventStream(options));
  }

  /** The first event that the stream has shown, or will, of this name and data. */
  async received(name: string, data: string | null): Promise<StreamEvent> {
    const find = () => this.events.find((event) => event.name === name && event.data === data);
    return eventually(`the event ${name} with ${data}`, find);
  }

  names(): string[] {
    return this.events.map(({ name }) => name);
  }

  close(): void {
    this.#stream.abort();
  }
}
