import { digest } from './secrets.ts';

/** What a password that was checked is told apart by from another one, without saying anything of it. @param hash null or empty for none */
export function passwordMark(hash: string | null): string {
  return digest(hash ?? '').slice(0, 16);
}
