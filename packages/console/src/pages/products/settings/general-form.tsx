import type { Output } from '@cloudchamber/contract';
import { Alert, Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../../data/api.ts';
import { useChange } from '../../../data/use-change.ts';
import { IdText } from '../../../ui/id-text.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { messageOf } from '../../../ui/toasts.tsx';
import { nameProblem, refusedField } from '../list/product-form.ts';

export type Product = Output<'getProduct'>['product'];

export interface SettingsPartProps {
  readonly product: Product;
  /** Whether the person may change settings. */
  readonly mayEdit: boolean;
}

/** Operations that show a product. */
export const PRODUCT_READS = ['getProduct', 'listOwnProducts', 'listOrganizationProducts', 'listProducts'] as const;

export interface GeneralFormProps extends SettingsPartProps {
  /** What its hardware is called. */
  readonly type: string;
}

/** Name and description, and what cannot change (PRD-26). */
export function GeneralForm({ product, mayEdit, type }: GeneralFormProps) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: product.name, description: product.description },
    validate: { name: nameProblem },
  });
  const save = useChange({
    run: ({ name, description }: typeof form.values) =>
      api.call('updateProduct', {
        params: { productIdOrSlug: String(product.id) },
        body: { name: name.trim(), description: description.trim() },
      }),
    changes: [...PRODUCT_READS],
    done: () => 'Saved',
    onDone: ({ product: { name, description } }) => {
      form.setValues({ name, description });
      form.resetDirty({ name, description });
      void queries.invalidateQueries({ queryKey: ['audit'] });
    },
    showsError: true,
  });
  const refused = save.isError ? refusedField(save.error) : undefined;
  const errorAt = (field: 'name' | 'description') =>
    form.errors[field] ?? (refused === field && save.isError ? messageOf(save.error) : undefined);
  return (
    <Panel title="General">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label="Name"
            description="Unique over the whole cloud. The slug stays when it changes."
            maxLength={100}
            readOnly={!mayEdit}
            autoComplete="off"
            {...form.getInputProps('name')}
            error={errorAt('name')}
          />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            maxRows={8}
            maxLength={1000}
            readOnly={!mayEdit}
            {...form.getInputProps('description')}
            error={errorAt('description')}
          />
          <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
            <Fact name="Product ID">
              <IdText id={String(product.id)} what="product id" />
            </Fact>
            <Fact name="Slug">
              <IdText id={product.slug} what="slug" />
            </Fact>
            <Fact name="Type">{type}</Fact>
          </SimpleGrid>
          {save.isError && refused === undefined && (
            <Alert color="red" variant="outline" icon={<IconAlertTriangle aria-hidden />} role="alert">
              {messageOf(save.error)}
            </Alert>
          )}
          {mayEdit && (
            <Group justify="flex-end">
              <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
                Save
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Panel>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="div" size="sm" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </div>
  );
}
