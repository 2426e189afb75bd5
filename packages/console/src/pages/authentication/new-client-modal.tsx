import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { Place } from '../../data/place.ts';
import type { NewClient } from './client.ts';
import { ClientSecret } from './client-secret.tsx';
import { NewClientForm } from './new-client-form.tsx';

export interface NewClientModalProps {
  readonly place: Place;
  readonly opened: boolean;
  onClose(): void;
}

/** Makes a client, then shows its secret this once (API-22). */
export function NewClientModal({ place, opened, onClose }: NewClientModalProps) {
  const [made, setMade] = useState<NewClient>();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setMade(undefined)}
      size="lg"
      title={made === undefined ? 'New Client' : `Keep the secret of ${made.name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      withCloseButton={made === undefined}
      closeOnClickOutside={made === undefined}
      closeOnEscape={made === undefined}
    >
      {made === undefined ? (
        <NewClientForm place={place} onMade={setMade} />
      ) : (
        <ClientSecret client={made} onKept={onClose} />
      )}
    </Modal>
  );
}
