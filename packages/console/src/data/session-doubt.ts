import { ApiError } from '@cloudchamber/contract/client';

/** @returns whether a refusal may mean that the session has ended, or that another tab of the browser has logged in anew */
export function doubtsSession(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const { status, code } = error;
  // Without a cookie there is no token at all, which is 400 `invalid_request` (section 3.3 of the API notes).
  return status === 401 || code === 'csrf_failed' || (status === 400 && code === 'invalid_request');
}
