import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { UploadedFile } from '../domain/firmware/index.ts';

/** More than the flash of any device, and than any project. */
const LIMITS = { fileSize: 8 * 1024 * 1024, files: 32, fields: 32, fieldSize: 64 * 1024, parts: 64, headerPairs: 50 };

/** Lets the routes of `fastify` take multipart bodies, up to 32 files of 8 MiB. */
export async function takeUploads(fastify: FastifyInstance): Promise<void> {
  await fastify.register(multipart, { limits: LIMITS, throwFileSizeLimit: true });
}

/** The files of a multipart body, by the names that the client gave them, whatever its parts are called; other fields are passed over. */
export async function uploadedFiles(request: FastifyRequest): Promise<UploadedFile[]> {
  const files: UploadedFile[] = [];
  for await (const part of request.files()) {
    files.push({ name: part.filename ?? part.fieldname, content: await part.toBuffer() });
  }
  return files;
}

export interface UploadedForm {
  readonly files: readonly UploadedFile[];
  /** Text fields by name; of several with one name the last. */
  readonly fields: ReadonlyMap<string, string>;
}

/** All of a multipart body. @param fileBytes the most that a file may have; more is refused with 413 */
export async function uploadedForm(request: FastifyRequest, fileBytes: number): Promise<UploadedForm> {
  const files: UploadedFile[] = [];
  const fields = new Map<string, string>();
  for await (const part of request.parts({ limits: { ...LIMITS, fileSize: fileBytes } })) {
    if (part.type === 'field') fields.set(part.fieldname, String(part.value));
    else files.push({ name: part.filename ?? part.fieldname, content: await part.toBuffer() });
  }
  return { files, fields };
}
