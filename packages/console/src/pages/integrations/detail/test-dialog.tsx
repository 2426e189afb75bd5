import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Place } from '../../../data/place.ts';
import { reading } from '../../../data/query.ts';
import { useChange } from '../../../data/use-change.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { type IntegrationDetails, integrationOperations, type TestResult } from '../integration-operations.ts';
import { Block } from './http-message.tsx';
import { prettyJson } from './http-text.ts';

interface TestDialogProps {
  readonly place: Place;
  readonly integration: IntegrationDetails;
  readonly opened: boolean;
  onClose(): void;
}

/** Makes the request now, for an event that nobody published. */
export function TestDialog(props: TestDialogProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title="Test the integration"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.opened && <Questions {...props} />}
    </Modal>
  );
}

function Questions({ place, integration, onClose }: TestDialogProps) {
  const devices = useQuery({ ...reading('listDevices'), enabled: place.kind === 'sandbox' });
  const form = useForm({ initialValues: { data: 'test-event', device: 'api' } });
  const test = useChange({
    run: ({ data, device }: { readonly data: string; readonly device: string }) =>
      integrationOperations(place).test(integration.id, { data, device_id: device }),
    changes: [],
    showsError: true,
  });
  return (
    <form onSubmit={form.onSubmit((values) => test.mutate(values))}>
      <Stack>
        <Text size="sm">
          The cloud makes the request now, for an event called <span className="mono">{integration.event}</span>.
          Nothing is published, counted or tried again.
        </Text>
        <Textarea
          label="Data of the event"
          autosize
          minRows={2}
          maxRows={10}
          spellCheck={false}
          data-autofocus
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...form.getInputProps('data')}
        />
        {place.kind === 'sandbox' && (
          <Select
            label="Seems to come from"
            data={[
              { value: 'api', label: 'api' },
              ...(devices.data ?? []).map(({ id, name }) => ({ value: id, label: `${name} (${id})` })),
            ]}
            allowDeselect={false}
            searchable
            {...form.getInputProps('device')}
          />
        )}
        {test.isError && <ErrorState error={test.error} />}
        <div aria-live="polite">{test.data !== undefined && <Outcome result={test.data} />}</div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={test.isPending}>
            Send the request
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Outcome({ result }: { readonly result: TestResult }) {
  if (!result.pass) {
    return (
      <Alert color="red" variant="outline" icon={<IconX aria-hidden />} title="It failed">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {result.error}
        </Text>
      </Alert>
    );
  }
  return (
    <Alert color="teal" variant="outline" icon={<IconCheck aria-hidden />} title="The server took it">
      {result.data === null ? (
        <Text size="sm">It answered without a body.</Text>
      ) : (
        <Block text={prettyJson(result.data) ?? result.data} label="Body of the reply" />
      )}
    </Alert>
  );
}
