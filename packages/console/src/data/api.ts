import { paths } from 'virtual:operation-paths';
import { createClient } from '@cloudchamber/contract/client';
import { csrf } from './csrf.ts';

/** Calls the cloud that this page came from, as whoever is logged in. */
export const api = createClient({
  url: '',
  paths,
  fetch: (...args) => fetch(...args),
  headers: (method): Record<string, string> => {
    const token = csrf.current;
    return token === null || method === 'GET' ? {} : { 'x-chamber-csrf': token };
  },
});
