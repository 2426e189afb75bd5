import { Alert, Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { Place } from '../../../data/place.ts';
import { useChange } from '../../../data/use-change.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import {
  CHANGES,
  type IntegrationDetails,
  integrationOperations,
  type Replayed,
  type ReplayRange,
} from '../integration-operations.ts';

interface ReplayDialogProps {
  readonly place: Place;
  readonly integration: IntegrationDetails;
  readonly opened: boolean;
  onClose(): void;
}

/** Sends many deliveries that failed again, or events of the past. */
export function ReplayDialog(props: ReplayDialogProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title="Replay many"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.opened && <Questions {...props} />}
    </Modal>
  );
}

interface Values {
  readonly source: 'failed' | 'history';
  /** As `datetime-local` fields have it, in the browser's zone. */
  readonly from: string;
  readonly to: string;
  readonly event: string;
  readonly error: string;
}

function Questions({ place, integration, onClose }: ReplayDialogProps) {
  const [result, setResult] = useState<Replayed>();
  const form = useForm<Values>({
    initialValues: { source: 'failed', from: '', to: '', event: '', error: '' },
    validate: { from: (from, { source }) => (source === 'history' && from === '' ? 'Needed for past events' : null) },
  });
  const replay = useChange({
    run: (range: ReplayRange) => integrationOperations(place).replay(integration.id, range),
    changes: CHANGES,
    showsError: true,
    onDone: (replayed) => setResult(replayed),
  });
  const { source } = form.values;
  const run = (values: Values) =>
    replay.mutate({
      ...rangeOf(values),
      ...(result?.more === true && result.next !== null && { cursor: result.next }),
    });
  return (
    <form onSubmit={form.onSubmit(run)} onChange={() => setResult(undefined)}>
      <Stack>
        <SegmentedControl
          aria-label="What is sent again"
          data={[
            { value: 'failed', label: 'Failed deliveries' },
            { value: 'history', label: 'Past events' },
          ]}
          {...form.getInputProps('source')}
        />
        <Text size="sm" c="dimmed">
          {source === 'failed'
            ? 'All that failed, or those that fit what you fill in.'
            : 'Events of the history that would trigger this integration now, also those that were delivered.'}
        </Text>
        <TextInput
          type="datetime-local"
          label="From"
          withAsterisk={source === 'history'}
          {...form.getInputProps('from')}
        />
        <TextInput type="datetime-local" label="To" description="Now when empty" {...form.getInputProps('to')} />
        <TextInput label="Event name begins with" {...form.getInputProps('event')} />
        {source === 'failed' && (
          <TextInput label="Last error has" placeholder="status 500" {...form.getInputProps('error')} />
        )}
        {replay.isError && <ErrorState error={replay.error} />}
        <div aria-live="polite">
          {result !== undefined && (
            <Alert color="teal" variant="outline">
              {result.replayed === 0
                ? 'There is nothing that fits.'
                : `${result.replayed.toLocaleString('en')} are being sent.`}
              {result.more && ' There may be more: replay once more.'}
            </Alert>
          )}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {result === undefined ? 'Cancel' : 'Close'}
          </Button>
          <Button type="submit" loading={replay.isPending}>
            Replay
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function rangeOf({ source, from, to, event, error }: Values): ReplayRange {
  return {
    source,
    ...(from !== '' && { from: new Date(from).toISOString() }),
    ...(to !== '' && { to: new Date(to).toISOString() }),
    ...(event !== '' && { event }),
    ...(source === 'failed' && error !== '' && { error }),
  };
}
