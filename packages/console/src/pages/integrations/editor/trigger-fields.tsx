import {
  Autocomplete,
  MultiSelect,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Place } from '../../../data/place.ts';
import { reading } from '../../../data/query.ts';
import { useRecentEvents } from '../use-recent-events.ts';
import type { DraftForm } from './draft-form.ts';
import { Section } from './section.tsx';

interface TriggerFieldsProps {
  readonly form: DraftForm;
  readonly place: Place;
  /** The kind of one that is there already stays. */
  readonly isNew: boolean;
}

/** Which events trigger it, and what it is. */
export function TriggerFields({ form, place, isNew }: TriggerFieldsProps) {
  const recent = useRecentEvents(place);
  return (
    <Section title="Trigger">
      {isNew && (
        <Stack gap={4}>
          <Text size="sm" fw={600} id="integration-kind">
            Kind
          </Text>
          <SegmentedControl
            aria-labelledby="integration-kind"
            data={[
              { value: 'Webhook', label: 'Webhook' },
              { value: 'GoogleCloudPubSub', label: 'Google Pub/Sub' },
            ]}
            {...form.getInputProps('type')}
          />
        </Stack>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Autocomplete
          label="Event name"
          description="Names that begin so trigger it, case and all"
          data={[...recent]}
          withAsterisk
          {...form.getInputProps('event')}
        />
        <TextInput
          label="Name"
          description="For people; made of event and target when empty"
          {...form.getInputProps('name')}
        />
        {place.kind === 'sandbox' && <DeviceField form={form} />}
        {place.kind === 'organization' && <ProductsField form={form} organization={place.organization} />}
        <Select
          label="When a request fails"
          description="How long it is tried again"
          data={[
            { value: 'durable', label: 'Durable: for three days' },
            { value: 'compatible', label: 'Compatible: three attempts in 90 s' },
          ]}
          allowDeselect={false}
          {...form.getInputProps('mode')}
        />
      </SimpleGrid>
      <Switch
        label="Enabled"
        description="While it is disabled, what it is owed waits"
        {...form.getInputProps('enabled', { type: 'checkbox' })}
      />
    </Section>
  );
}

function DeviceField({ form }: { readonly form: DraftForm }) {
  const devices = useQuery(reading('listDevices'));
  const { value, onChange, ...props } = form.getInputProps('deviceId');
  const known = (devices.data ?? []).map(({ id, name }) => ({ value: id, label: `${name} (${id})` }));
  const isOther = value !== '' && !known.some((one) => one.value === value);
  return (
    <Select
      label="Device"
      description="Only its events trigger it; all of yours when empty"
      placeholder="All of my devices"
      data={isOther ? [...known, { value, label: value }] : known}
      value={value === '' ? null : value}
      onChange={(id) => onChange(id ?? '')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'All of my devices' }}
      {...props}
    />
  );
}

function ProductsField({ form, organization }: { readonly form: DraftForm; readonly organization: string }) {
  const products = useQuery(reading('listOrganizationProducts', { params: { orgIdOrSlug: organization } }));
  const { value, ...props } = form.getInputProps('products');
  const chosen: readonly string[] = value;
  const known = (products.data?.products ?? []).map(({ id, name }) => ({
    value: String(id),
    label: `${name} (${id})`,
  }));
  const others = chosen.filter((id) => !known.some((one) => one.value === id)).map((id) => ({ value: id, label: id }));
  return (
    <MultiSelect
      label="Products"
      description="Whose devices trigger it; all when empty"
      placeholder={chosen.length === 0 ? 'All products' : undefined}
      data={[...known, ...others]}
      value={[...chosen]}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'All products' }}
      {...props}
    />
  );
}
