import { Group, Select, SimpleGrid, Switch, TextInput } from '@mantine/core';
import type { DraftForm } from './draft-form.ts';
import { PairFields } from './pair-fields.tsx';
import { Section } from './section.tsx';

/** Where requests go, and with what. */
export function TargetFields({ form }: { readonly form: DraftForm }) {
  const { kind } = form.values.auth;
  return (
    <Section title="Request" about="All texts may contain template variables, such as {{{PARTICLE_EVENT_VALUE}}}.">
      <Group align="flex-start" gap="sm">
        <Select
          label="Method"
          data={['POST', 'GET', 'PUT', 'DELETE']}
          allowDeselect={false}
          w={110}
          {...form.getInputProps('method')}
        />
        <TextInput
          label="URL"
          placeholder="https://example.net/in"
          withAsterisk
          type="text"
          inputMode="url"
          style={{ flex: '1 1 240px' }}
          {...form.getInputProps('url')}
        />
      </Group>
      <SimpleGrid cols={{ base: 1, sm: kind === 'basic' ? 3 : 2 }}>
        <Select
          label="Authentication"
          data={[
            { value: 'none', label: 'None' },
            { value: 'basic', label: 'HTTP Basic' },
            { value: 'bearer', label: 'Bearer token' },
          ]}
          allowDeselect={false}
          {...form.getInputProps('auth.kind')}
        />
        {kind === 'basic' && (
          <>
            <TextInput label="Username" autoComplete="off" {...form.getInputProps('auth.username')} />
            <TextInput label="Password" autoComplete="off" {...form.getInputProps('auth.password')} />
          </>
        )}
        {kind === 'bearer' && <TextInput label="Token" autoComplete="off" {...form.getInputProps('auth.bearer')} />}
      </SimpleGrid>
      <PairFields form={form} field="headers" label="Headers" about="Sent with every request" one="header" />
      <PairFields form={form} field="query" label="Query parameters" about="Appended to the URL" one="parameter" />
      <Switch
        label="Check the TLS certificate"
        description="Off takes any certificate, also one that anybody made"
        {...form.getInputProps('verifyCertificate', { type: 'checkbox' })}
      />
    </Section>
  );
}
