import { paths } from 'virtual:operation-paths';
import { createClient } from '@cloudchamber/contract/client';
import { csrf } from '../../data/csrf.ts';

export interface NewVersion {
  /** Number or slug of the product. */
  readonly product: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly file: File;
}

/**
 * Uploads a version and tells how far it is.
 * @param onProgress gets 0 to 1: the part of the bytes that has left the browser
 * @throws ApiError as the cloud refuses it
 */
export async function sendFirmware(
  { product, version, title, description, file }: NewVersion,
  onProgress: (part: number) => void,
  signal: AbortSignal,
) {
  const body = new FormData();
  body.set('version', String(version));
  body.set('title', title);
  body.set('description', description);
  body.set('file', file);
  const client = createClient({
    url: '',
    paths,
    fetch: (input, init) => sendWithProgress(String(input), init, onProgress),
    headers: (): Record<string, string> => (csrf.current === null ? {} : { 'x-chamber-csrf': csrf.current }),
  });
  return client.callWith(signal, 'uploadProductFirmware', { params: { productIdOrSlug: product }, body });
}

/** What `fetch` does, with the progress of the body, which only XMLHttpRequest tells. */
function sendWithProgress(
  address: string,
  { method = 'GET', headers, body, signal }: RequestInit = {},
  onProgress: (part: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total));
    request.addEventListener('load', () => {
      const id = request.getResponseHeader('x-request-id');
      const retryAfter = request.getResponseHeader('retry-after');
      resolve(
        new Response(request.responseText, {
          status: request.status,
          headers: {
            ...(id !== null && { 'x-request-id': id }),
            ...(retryAfter !== null && { 'retry-after': retryAfter }),
          },
        }),
      );
    });
    request.addEventListener('error', () => reject(new TypeError('The upload broke off')));
    request.addEventListener('abort', () => reject(new DOMException('The upload was cancelled', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort());
    request.send(body instanceof FormData ? body : null);
  });
}
