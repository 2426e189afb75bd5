import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Problem } from '../../components/account-forms/problem.tsx';
import type { Place } from '../../data/place.ts';
import { useChange } from '../../data/use-change.ts';
import type { NewClient } from './client.ts';
import { clientKindsOf, redirectProblem } from './client-kinds.ts';
import { clientOperations } from './client-operations.ts';

export interface NewClientFormProps {
  readonly place: Place;
  onMade(client: NewClient): void;
}

export function NewClientForm({ place, onMade }: NewClientFormProps) {
  const kinds = clientKindsOf(place);
  const kindOf = (id: string) => kinds.find((kind) => kind.id === id);
  const typeOf = (id: string) => kindOf(id)?.type ?? 'installed';
  const form = useForm({
    initialValues: { kind: 'server', name: '', redirect: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give it a name' : null),
      redirect: (value, { kind }) => redirectProblem(typeOf(kind), value),
    },
  });
  const operations = clientOperations(place);
  const create = useChange({
    run: ({ kind, name, redirect }: typeof form.values) => {
      const type = typeOf(kind);
      const scope = kindOf(kind)?.scope;
      return operations.create({
        name: name.trim(),
        type,
        ...(scope !== undefined && { scope }),
        ...(type === 'web' && { redirect_uri: redirect.trim() }),
      });
    },
    changes: operations.changes,
    onDone: ({ client }) => onMade(client),
    showsError: true,
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack>
        {create.error !== null && <Problem error={create.error} />}
        <Radio.Group label="What it is for" {...form.getInputProps('kind')}>
          <Stack gap="xs" mt={6}>
            {kinds.map(({ id, label, about }) => (
              <Radio key={id} value={id} label={label} description={about} />
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          label="Name"
          placeholder="Greenhouse server"
          maxLength={100}
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('name')}
        />
        {typeOf(form.values.kind) === 'web' && (
          <TextInput
            label="Redirect URI"
            description="Where the log-in leads back to, exactly; it cannot be changed later."
            placeholder="https://app.example.net/back"
            type="url"
            autoComplete="off"
            {...form.getInputProps('redirect')}
          />
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending}>
            Create the client
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
