/** A file part of a multipart body. */
export interface FilePart {
  readonly name: string;
  readonly filename: string;
  readonly content: Uint8Array;
}

/** The headers of a request with a body of `multipart`. */
export const MULTIPART = { 'content-type': 'multipart/form-data; boundary=x' };

/** A multipart body as clients send it: fields first, then files. */
export function multipart(files: readonly FilePart[], fields: Readonly<Record<string, string>> = {}): Buffer {
  const parts: Uint8Array[] = [];
  for (const [name, value] of Object.entries(fields)) {
    parts.push(Buffer.from(`--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  }
  for (const { name, filename, content } of files) {
    const disposition = `form-data; name="${name}"; filename="${filename}"`;
    const head = `--x\r\nContent-Disposition: ${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`;
    parts.push(Buffer.from(head), content, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('--x--\r\n')]);
}
