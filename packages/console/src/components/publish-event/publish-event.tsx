import { Alert, Button, Group, Modal, NumberInput, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import { api } from '../../data/api.ts';
import type { Place } from '../../data/place.ts';
import { useChange } from '../../data/use-change.ts';
import { messageOf } from '../../ui/toasts.tsx';
import { lastPublish, type PublishValues } from './last-publish.ts';
import { dataProblem, nameProblem } from './publish-problems.ts';

export interface PublishEventProps {
  /** An organization has no stream of its own to publish to. */
  readonly place: Exclude<Place, { kind: 'organization' }>;
  readonly opened: boolean;
  onClose(): void;
}

/** Publishes an event from the page (UI-07): in the sandbox to one's own streams and devices, in a product to the product's stream. */
export function PublishEvent({ place, opened, onClose }: PublishEventProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Publish event" closeButtonProps={{ 'aria-label': 'Close' }}>
      <PublishForm place={place} onClose={onClose} />
    </Modal>
  );
}

function PublishForm({ place, onClose }: Pick<PublishEventProps, 'place' | 'onClose'>) {
  const form = useForm<PublishValues>({
    initialValues: lastPublish.get(),
    validate: {
      name: nameProblem,
      data: dataProblem,
      ttl: (ttl) => (Number.isInteger(ttl) && ttl >= 0 ? null : 'A whole number of seconds'),
    },
  });
  const publish = useChange<PublishValues>({
    run: ({ name, data, ttl }) => {
      const body = { name, ttl, ...(data !== '' && { data }) };
      return place.kind === 'product'
        ? api.call('publishProductEvent', { params: { productIdOrSlug: place.product }, body })
        : api.call('publishEvent', { body });
    },
    changes: [],
    done: ({ name }) => `Published ${name}`,
    onDone: (_result, values) => {
      lastPublish.set(values);
      onClose();
    },
    showsError: true,
  });
  return (
    <form onSubmit={form.onSubmit((values) => publish.mutate(values))}>
      <Stack>
        <Text size="sm" c="dimmed">
          {place.kind === 'product'
            ? 'Goes to the streams of this product. Devices don’t hear of it.'
            : 'Goes to your streams, and to devices of yours that subscribe to it.'}
        </Text>
        <TextInput label="Name" withAsterisk data-autofocus {...form.getInputProps('name')} />
        <Textarea label="Data" autosize minRows={2} maxRows={8} {...form.getInputProps('data')} />
        <NumberInput
          label="TTL in seconds"
          min={0}
          max={16_777_215}
          allowDecimal={false}
          {...form.getInputProps('ttl')}
        />
        {publish.isError && (
          <Alert color="red" variant="outline" role="alert" icon={<IconAlertTriangle aria-hidden />}>
            {messageOf(publish.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={publish.isPending}>
            Publish
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
