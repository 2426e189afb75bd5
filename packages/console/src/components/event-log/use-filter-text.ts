import { useCallback, useEffect, useRef, useState } from 'react';

const SETTLED_MS = 300;

/**
 * What stands in the filter box, which is also in the address: at once in the box, in the address when the typing pauses.
 * @param inAddress what the address says @param onSettled puts it there
 */
export function useFilterText(
  inAddress: string,
  onSettled: (text: string | undefined) => void,
): readonly [string, (text: string) => void] {
  const [text, setText] = useState(inAddress);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const written = useRef(inAddress);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    // The address was changed by others, such as by a link.
    if (inAddress === written.current) return;
    written.current = inAddress;
    setText(inAddress);
  }, [inAddress]);
  const change = useCallback(
    (value: string) => {
      setText(value);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        written.current = value;
        onSettled(value === '' ? undefined : value);
      }, SETTLED_MS);
    },
    [onSettled],
  );
  return [text, change];
}
