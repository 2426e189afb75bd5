import type { ConsoleCloud, ConsoleUser } from '@cloudchamber/contract';
import { type QueryClient, queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import { csrf } from './csrf.ts';
import { doubtsSession } from './session-doubt.ts';

export interface Session {
  readonly user: ConsoleUser | null;
  readonly cloud: ConsoleCloud;
}

/** Who is logged in with this browser, and what the page has to know of the cloud. */
export const sessionQuery = queryOptions<Session>({
  queryKey: ['getConsoleSession'],
  queryFn: async () => {
    const { csrf: token, ...session } = await api.call('getConsoleSession');
    csrf.current = token;
    return session;
  },
  staleTime: 60_000,
  // Each reading lets the session last longer, and tells a page that was left open whether somebody is still logged in.
  refetchInterval: 3_600_000,
  refetchOnWindowFocus: 'always',
});

/** @throws while it is not known; pages behind the log-in always know */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** The account that is logged in. @throws Error outside of the pages behind the log-in */
export function useUser(): ConsoleUser {
  const { user } = useSession();
  if (user === null) throw new Error('nobody is logged in');
  return user;
}

/** Notes that somebody has logged in: everything that was read before is forgotten. */
export async function changeSession(queries: QueryClient, token: string): Promise<void> {
  csrf.current = token;
  queries.clear();
  await queries.fetchQuery(sessionQuery);
}

/** True from the moment that the person logs out: what is refused then is no session that ended by itself. */
const leaving = { current: false };
export const isLeaving = (): boolean => leaving.current;

/** Logs out, and opens the log-in page as a new document, so that nothing of the account stays in memory. */
export async function logOut(): Promise<void> {
  leaving.current = true;
  try {
    await api.call('deleteConsoleSession');
  } catch (error) {
    leaving.current = false;
    throw error;
  }
  leaveDocument();
}

/** Opens the log-in page as a new document, for when the session has ended on purpose. */
export function leaveDocument(): void {
  leaving.current = true;
  location.assign('/login');
}

/** Reads the session again when a refusal casts doubt on it. The frame of the pages shows what came out. */
export function checkSession(queries: QueryClient, error: unknown): void {
  if (doubtsSession(error)) void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
}
