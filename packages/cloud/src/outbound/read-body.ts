import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { errorCode } from './error-code.ts';
import { OutboundError } from './outbound-error.ts';

export interface ReadBodyOptions {
  readonly host: string;
  /** How many bytes are taken, as they arrive and decompressed. */
  readonly mostBytes: number;
}

const decompressors = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Collects a reply's body, and decompresses one that came compressed although nobody asked for that (RFC 9110 section 8.4).
 * @param encoding the Content-Encoding header
 * @throws OutboundError `too_large`, or `unreachable` when the bytes are not what the header says
 */
export async function readBody(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
  { host, mostBytes }: ReadBodyOptions,
): Promise<Buffer> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > mostBytes) throw tooLarge(host, mostBytes);
    kept.push(chunk);
  }
  const body = Buffer.concat(kept);
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity' || body.length === 0) return body;
  const decompress = Object.entries(decompressors).find(([known]) => known === name)?.[1];
  if (decompress === undefined) {
    throw new OutboundError('unreachable', `The reply of ${host} has a Content-Encoding that is not known here`);
  }
  try {
    return await decompress(body, { maxOutputLength: mostBytes });
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(host, mostBytes);
    throw new OutboundError('unreachable', `The reply of ${host} says that it is ${name} but is not`);
  }
}

function tooLarge(host: string, mostBytes: number): OutboundError {
  return new OutboundError('too_large', `The reply of ${host} has more than ${mostBytes} bytes`);
}
