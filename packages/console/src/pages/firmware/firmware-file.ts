/** What a file of firmware says about itself, as far as a browser can read it. The cloud reads the whole of it and checks it. */
export interface FirmwareFileFacts {
  readonly kind: 'binary' | 'bundle';
  /** PRODUCT_VERSION; undefined when the file was compiled without it. */
  readonly version: number | undefined;
  /** PRODUCT_ID; undefined when the file was compiled without it. From Device OS 4.0 on the number of the platform stands here. */
  readonly productId: number | undefined;
  readonly platformId: number;
}

const PREFIX_BYTES = 24;
const CRC_BYTES = 4;
/** Bytes of a suffix that hold no numbers of a product: reserved, SHA-256, size. */
const BARE_SUFFIX_BYTES = 36;
const PRODUCT_BYTES = 4;
/** Where prefixes stand: at the beginning, or behind a vector table (protocol section 9.4). */
const PREFIX_OFFSETS: readonly number[] = [0, 0x200, 0x184, 0xc0, 0x10c];
const NOT_SET = 0xffff;
const USER_PART = 5;

/**
 * Reads prefix and suffix of an application (protocol section 9.4), by itself or in a .zip bundle.
 * @param name as the person's computer calls the file
 * @returns undefined for what cannot be read here, such as several modules in one file
 */
export async function readFirmwareFile(name: string, bytes: Uint8Array): Promise<FirmwareFileFacts | undefined> {
  if (!/\.zip$/i.test(name)) return readApplication(bytes, 'binary');
  const application = await firstBinaryOf(bytes);
  return application === undefined ? undefined : readApplication(application, 'bundle');
}

function readApplication(bytes: Uint8Array, kind: FirmwareFileFacts['kind']): FirmwareFileFacts | undefined {
  const view = viewOf(bytes);
  const offset = PREFIX_OFFSETS.find((at) => isPrefix(view, at));
  if (offset === undefined) return undefined;
  const suffixBytes = view.getUint16(bytes.length - CRC_BYTES - 2, true);
  const hasNumbers = suffixBytes >= BARE_SUFFIX_BYTES + PRODUCT_BYTES && suffixBytes + CRC_BYTES < bytes.length;
  const numbers = bytes.length - CRC_BYTES - BARE_SUFFIX_BYTES - PRODUCT_BYTES;
  const read = (at: number) => {
    const value = hasNumbers ? view.getUint16(at, true) : NOT_SET;
    return value === NOT_SET ? undefined : value;
  };
  return {
    kind,
    productId: read(numbers),
    version: read(numbers + 2),
    platformId: view.getUint16(offset + 12, true),
  };
}

/** A prefix is recognised by the size that it gives, which is that of the file, and by saying that it is an application. */
function isPrefix(view: DataView, offset: number): boolean {
  if (offset + PREFIX_BYTES + BARE_SUFFIX_BYTES + CRC_BYTES > view.byteLength) return false;
  const size = view.getUint32(offset + 4, true) - view.getUint32(offset, true) + CRC_BYTES;
  return size === view.byteLength && view.getUint8(offset + 14) === USER_PART;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
/** A file of firmware has at most 8 MiB; what unpacks to more is left to the cloud. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The application of a bundle is the .bin file at its root. @returns undefined when there is none, or the archive cannot be read */
async function firstBinaryOf(archive: Uint8Array): Promise<Uint8Array | undefined> {
  const view = viewOf(archive);
  const end = endOf(view);
  if (end === undefined) return undefined;
  let at = view.getUint32(end + 16, true);
  for (let entry = 0; entry < view.getUint16(end + 10, true); entry += 1) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY_SIGNATURE) return undefined;
    const nameBytes = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(archive.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes));
    if (/^[^/]+\.bin$/i.test(name)) return contentOf(archive, view, at);
    at += ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return undefined;
}

function endOf(view: DataView): number | undefined {
  const farthest = Math.max(0, view.byteLength - END_BYTES - NOT_SET);
  for (let at = view.byteLength - END_BYTES; at >= farthest; at -= 1) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  return undefined;
}

async function contentOf(archive: Uint8Array, view: DataView, entry: number): Promise<Uint8Array | undefined> {
  const method = view.getUint16(entry + 10, true);
  const packedBytes = view.getUint32(entry + 20, true);
  const size = view.getUint32(entry + 24, true);
  const local = view.getUint32(entry + 42, true);
  if (local + LOCAL_BYTES > archive.length || size > MOST_BYTES) return undefined;
  const start = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const packed = archive.slice(start, start + packedBytes);
  if (method === STORED) return packed;
  if (method !== DEFLATED) return undefined;
  return inflate(packed, size);
}

/** @returns undefined for what is no deflate data of that size */
async function inflate(packed: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array | undefined> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const content = new Uint8Array(size);
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return at === size ? content : undefined;
      if (at + value.length > size) {
        await reader.cancel();
        return undefined;
      }
      content.set(value, at);
      at += value.length;
    }
  } catch {
    // Damaged data: the cloud says what is wrong with it.
    return undefined;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
