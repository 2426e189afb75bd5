import { Button, Group, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api } from '../../data/api.ts';
import { useChange } from '../../data/use-change.ts';
import { Panel } from '../../ui/panel.tsx';
import { ACCOUNT_READS, type AccountProps } from './account.ts';

export function ProfilePanel({ account }: AccountProps) {
  const { first_name, last_name, company_name } = account.account_info;
  const form = useForm({ initialValues: { first_name, last_name, company_name } });
  const save = useChange({
    run: (info: typeof form.values) => api.call('updateUser', { body: { account_info: info } }),
    changes: ACCOUNT_READS,
    done: () => 'Saved',
    onDone: (_result, info) => form.resetDirty(info),
  });
  return (
    <Panel title="Name">
      <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TextInput
              label="First name"
              autoComplete="given-name"
              maxLength={200}
              {...form.getInputProps('first_name')}
            />
            <TextInput
              label="Last name"
              autoComplete="family-name"
              maxLength={200}
              {...form.getInputProps('last_name')}
            />
          </SimpleGrid>
          <TextInput
            label="Company"
            autoComplete="organization"
            maxLength={200}
            {...form.getInputProps('company_name')}
          />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
