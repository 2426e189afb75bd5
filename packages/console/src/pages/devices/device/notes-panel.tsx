import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../../../data/use-change.ts';
import { messageOf } from '../../../ui/toasts.tsx';
import { useDevice } from './device-context.ts';
import { Panel } from './panel.tsx';

/** What people wrote down about the device. */
export function NotesPanel() {
  const { device, can } = useDevice();
  const [isEditing, setEditing] = useState(false);
  const edit = can('devices:update') && !isEditing && (
    <Button variant="subtle" size="compact-sm" onClick={() => setEditing(true)}>
      {device.notes === null ? 'Add notes' : 'Edit notes'}
    </Button>
  );
  return (
    <Panel title="Notes" actions={edit}>
      {isEditing ? (
        <NotesForm onClose={() => setEditing(false)} />
      ) : (
        <Text
          size="sm"
          c={device.notes === null ? 'dimmed' : undefined}
          style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {device.notes ?? 'Where it is, who looks after it: whatever the next person should know.'}
        </Text>
      )}
    </Panel>
  );
}

function NotesForm({ onClose }: { onClose(): void }) {
  const { api, device } = useDevice();
  const [notes, setNotes] = useState(device.notes ?? '');
  const save = useChange({
    run: () => api.change({ notes: notes.trim() === '' ? null : notes }),
    changes: ['getDevice', 'getProductDevice', 'listDevices', 'listProductDevices'],
    done: () => 'The notes are saved',
    onDone: onClose,
    showsError: true,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="xs">
        <Textarea
          aria-label="Notes"
          autosize
          minRows={3}
          maxRows={12}
          value={notes}
          onChange={(event) => setNotes(event.currentTarget.value)}
          error={save.isError ? messageOf(save.error) : undefined}
          ref={(element) => element?.focus()}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
