import { Button, Group, Radio, Stack, Switch, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../data/api.ts';
import { useChange } from '../../../data/use-change.ts';
import { Panel } from '../../../ui/panel.tsx';
import { PRODUCT_READS, type SettingsPartProps } from './general-form.tsx';

const UNKNOWN = [
  {
    value: 'quarantine',
    label: 'Quarantine',
    about: 'It stays connected and waits until somebody of the team approves or denies it.',
  },
  { value: 'approve', label: 'Approve', about: 'It joins the product by itself.' },
  { value: 'refuse', label: 'Refuse', about: 'It may not connect as this product.' },
] as const;
type Unknown = (typeof UNKNOWN)[number]['value'];

function unknownOf(value: string): Unknown {
  return UNKNOWN.find((one) => one.value === value)?.value ?? 'quarantine';
}

/** What becomes of unknown devices, and whether locations are kept. */
export function DevicesForm({ product, mayEdit }: SettingsPartProps) {
  return <Panel title="Devices">{mayEdit ? <Choices product={product} /> : <Facts product={product} />}</Panel>;
}

function Facts({ product }: Pick<SettingsPartProps, 'product'>) {
  const { unknown_devices: unknown, location } = product.settings;
  const chosen = UNKNOWN.find((one) => one.value === unknown);
  return (
    <>
      <Text size="sm">
        Unknown devices: <b>{chosen?.label}</b>. {chosen?.about}
      </Text>
      <Text size="sm">
        Locations: <b>{location.opt_in ? 'kept' : 'not kept'}</b>.
      </Text>
    </>
  );
}

function Choices({ product }: Pick<SettingsPartProps, 'product'>) {
  const queries = useQueryClient();
  const { unknown_devices: unknown, location } = product.settings;
  const form = useForm<{ unknown: Unknown; location: boolean }>({
    initialValues: { unknown, location: location.opt_in },
  });
  const save = useChange({
    run: (values: typeof form.values) =>
      api.call('updateProduct', {
        params: { productIdOrSlug: String(product.id) },
        body: { settings: { unknown_devices: values.unknown, location: { opt_in: values.location } } },
      }),
    changes: [...PRODUCT_READS],
    done: () => 'Saved',
    onDone: (_result, values) => {
      form.resetDirty(values);
      void queries.invalidateQueries({ queryKey: ['audit'] });
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        <Radio.Group
          label="Unknown devices"
          description="What becomes of a device whose firmware announces this product, though it is not in it."
          value={form.values.unknown}
          onChange={(value) => form.setFieldValue('unknown', unknownOf(value))}
        >
          <Stack gap="sm" mt="sm">
            {UNKNOWN.map(({ value, label, about }) => (
              <Radio key={value} value={value} label={label} description={about} />
            ))}
          </Stack>
        </Radio.Group>
        <Switch
          label="Keep locations"
          description="Keep the locations that devices publish."
          {...form.getInputProps('location', { type: 'checkbox' })}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
