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
