import { Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { ImportForm } from './import-form.tsx';
import { ImportResult } from './import-result.tsx';
import type { ImportedLine } from './run-import.ts';

export interface ImportDialogProps {
  /** Id or slug. */
  readonly product: string;
  readonly opened: boolean;
  onClose(): void;
}

/** Adds devices to the product by a list of their ids (PRD-11 to 13), then says what became of each. */
export function ImportDialog({ product, opened, onClose }: ImportDialogProps) {
  const isSmall = useMediaQuery('(max-width: 36em)');
  const [running, setRunning] = useState(false);
  return (
    <Modal
      opened={opened}
      onClose={() => {
        if (!running) onClose();
      }}
      title="Import devices"
      size="lg"
      fullScreen={isSmall}
      closeButtonProps={{ 'aria-label': 'Close', disabled: running }}
    >
      {opened && <Steps product={product} onClose={onClose} onRunning={setRunning} />}
    </Modal>
  );
}

interface StepsProps extends Pick<ImportDialogProps, 'product' | 'onClose'> {
  onRunning(running: boolean): void;
}

function Steps({ product, onClose, onRunning }: StepsProps) {
  const [result, setResult] = useState<readonly ImportedLine[]>();
  if (result === undefined) {
    return <ImportForm product={product} onRunning={onRunning} onDone={setResult} onCancel={onClose} />;
  }
  return <ImportResult lines={result} onClose={onClose} onAgain={() => setResult(undefined)} />;
}
