import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useState } from 'react';

/** A glance at another tab breaks nothing. */
const PATIENCE_MS = 60_000;

/**
 * Whether nobody has seen this tab for a minute. Browsers open six connections to a host at once, for all tabs together, and a stream holds one: a tab that
 * is not seen gives its own back, and goes on behind what it had when it is seen again.
 */
export function useAsleep(): boolean {
  const isHidden = useDocumentVisibility() === 'hidden';
  const [hasWaited, setWaited] = useState(false);
  useEffect(() => {
    if (!isHidden) return setWaited(false);
    const timer = setTimeout(() => setWaited(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isHidden]);
  return isHidden && hasWaited;
}
