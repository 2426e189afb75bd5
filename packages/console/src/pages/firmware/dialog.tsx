import { Modal, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';

export interface DialogProps {
  readonly opened: boolean;
  onClose(): void;
  readonly title: string;
  readonly size?: ModalProps['size'];
  readonly children: ReactNode;
}

/** A dialog; what is in it is made anew each time it opens. */
export function Dialog({ opened, onClose, title, size = 'lg', children }: DialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': 'Close' }}>
      {opened && children}
    </Modal>
  );
}
