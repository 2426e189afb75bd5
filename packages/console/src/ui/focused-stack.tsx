import { Stack } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

/** Takes the focus when it comes, for what replaces a form in a dialog: it is read out, and the keyboard goes on from there. */
export function FocusedStack({ children }: { readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <Stack ref={box} tabIndex={-1} style={{ outline: 'none' }}>
      {children}
    </Stack>
  );
}
