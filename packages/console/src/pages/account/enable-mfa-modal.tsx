import { Modal } from '@mantine/core';
import { useState } from 'react';
import { EnableMfaForm } from './enable-mfa-form.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

export interface EnableMfaModalProps {
  readonly opened: boolean;
  onClose(): void;
}

/** Two steps: the authenticator learns the secret and proves it by a code; then the recovery codes, which are shown once. */
export function EnableMfaModal({ opened, onClose }: EnableMfaModalProps) {
  const [codes, setCodes] = useState<readonly string[]>();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setCodes(undefined)}
      title={codes === undefined ? 'Enable multifactor authentication' : 'Keep your recovery codes'}
      closeButtonProps={{ 'aria-label': 'Close' }}
      withCloseButton={codes === undefined}
      closeOnClickOutside={false}
      closeOnEscape={codes === undefined}
    >
      {codes === undefined ? <EnableMfaForm onEnabled={setCodes} /> : <RecoveryCodes codes={codes} onKept={onClose} />}
    </Modal>
  );
}
