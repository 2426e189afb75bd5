import { Button } from '@mantine/core';
import { useState } from 'react';
import { tellError } from '../../../ui/toasts.tsx';
import type { Selection } from '../list/use-selection.ts';

export interface SelectAll {
  /** Devices that match. */
  readonly total: number;
  read(onProgress: (read: number, total: number) => void): Promise<readonly { readonly id: string }[]>;
}

/** Selects the devices of all pages. */
export function SelectAllButton({ all, selection }: { readonly all: SelectAll; readonly selection: Selection }) {
  const [progress, setProgress] = useState<number>();
  if (selection.ids.size >= all.total) return null;
  const select = async () => {
    setProgress(0);
    try {
      selection.setAll(await all.read(setProgress), true);
    } catch (error) {
      tellError(error);
    } finally {
      setProgress(undefined);
    }
  };
  return (
    <Button variant="subtle" size="compact-sm" disabled={progress !== undefined} onClick={select}>
      {progress === undefined
        ? `Select all ${all.total.toLocaleString('en')} that match`
        : `Selecting, ${progress.toLocaleString('en')} of ${all.total.toLocaleString('en')}`}
    </Button>
  );
}
