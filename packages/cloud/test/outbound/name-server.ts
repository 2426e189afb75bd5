import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Record types of DNS, RFC 1035 section 3.2.2 and RFC 3596. */
const TYPES = new Map([
  [1, 'A'],
  [28, 'AAAA'],
]);
const NO_SUCH_NAME = 3;

/** What a name server says: the bytes of addresses, or nothing at all. */
export type DnsAnswer = readonly (readonly number[])[] | 'silence';

export interface NameServer {
  /** `address:port` */
  readonly address: string;
  /** What was asked, such as `A hook.example`, sorted. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/**
 * A name server (RFC 1035 section 4) over UDP.
 * @param answers by question, such as `A hook.example`; there is no name without one
 */
export async function startNameServer(answers: Readonly<Record<string, DnsAnswer>>): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked = new Set<string>();
  socket.on('message', (query, { port, address }) => {
    const { text, end } = readQuestion(query);
    asked.add(text);
    const answer = answers[text] ?? [];
    if (answer !== 'silence') socket.send(reply(query.subarray(0, end), answer, text in answers), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    get asked() {
      return [...asked].sort();
    },
    async stop() {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

function readQuestion(query: Buffer): { readonly text: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  while (query.readUInt8(at) !== 0) {
    const next = at + 1 + query.readUInt8(at);
    labels.push(query.toString('latin1', at + 1, next).toLowerCase());
    at = next;
  }
  return { text: `${TYPES.get(query.readUInt16BE(at + 1))} ${labels.join('.')}`, end: at + 5 };
}

function reply(question: Buffer, addresses: readonly (readonly number[])[], known: boolean): Buffer {
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8180 | (known ? 0 : NO_SUCH_NAME), 2);
  head.writeUInt16BE(addresses.length, 6);
  head.fill(0, 8, 12);
  const type = question.subarray(-4, -2);
  const records = addresses.map((bytes) =>
    Buffer.from([0xc0, 0x0c, ...type, 0, 1, 0, 0, 0, 0, 0, bytes.length, ...bytes]),
  );
  return Buffer.concat([head, ...records]);
}
