import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

const PIECE = Buffer.alloc(65_536, ' ');

/**
 * Writes to an HTTP server what no HTTP client would, and goes on to the end whatever the server answers meanwhile.
 * @param parts of the request, each written when the server has taken the one before
 * @returns the first answer
 * @throws the system's error when the server hangs up before it has taken everything
 */
export async function rawHttp(url: string, parts: Iterable<string | Uint8Array>): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('latin1').on('data', (more: string) => {
    text += more;
  });
  const answered = new Promise<void>((resolve, reject) => {
    socket.once('error', reject).once('close', () => resolve());
    socket.on('data', () => isWhole(text) && resolve());
  });
  // Whoever hangs up while we write shows up as an error of the write.
  answered.catch(() => {});
  try {
    for (const part of parts) if (!socket.write(part)) await once(socket, 'drain');
    await answered;
  } finally {
    socket.destroy();
  }
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), body };
}

/** The body of a request: so many spaces, in pieces, chunked or not. */
export function* spaces(bytes: number, chunked: boolean): Generator<string | Uint8Array> {
  for (let left = bytes; left > 0; left -= PIECE.length) {
    const piece = PIECE.subarray(0, left);
    if (!chunked) yield piece;
    else yield* [`${piece.length.toString(16)}\r\n`, piece, '\r\n'];
  }
  if (chunked) yield '0\r\n\r\n';
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end)) ?? [];
  return end >= 0 && text.length >= end + 4 + Number(length);
}
