import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { isLeaving } from '../data/session.ts';
import { tellNote } from '../ui/toasts.tsx';

/** Stands in place of the pages when nobody is logged in any more: leads to the log-in, which leads back. */
export function SessionEnded() {
  const router = useRouter();
  useEffect(() => {
    const { pathname, href } = router.state.location;
    if (isLeaving() || pathname === '/login') return;
    tellNote('Your session has ended. Log in to go on.');
    void router.navigate({ to: '/login', search: pathname === '/' ? {} : { next: href } });
  }, [router]);
  return null;
}

/** Loads the page anew when another tab of this browser has logged in as somebody else: nothing of the first account is shown to the second. */
export function useSameUser(id: string | undefined): void {
  const first = useRef(id);
  useEffect(() => {
    if (id === undefined) return;
    if (first.current !== undefined && first.current !== id) location.assign('/');
    first.current = id;
  }, [id]);
}
