import { JsonInput, SegmentedControl, Stack, Switch, Text, Textarea } from '@mantine/core';
import type { DraftForm } from './draft-form.ts';
import { PairFields } from './pair-fields.tsx';
import { Section } from './section.tsx';

/** What the body of a request is made of. */
export function BodyFields({ form }: { readonly form: DraftForm }) {
  const { content, method, jsonIsText } = form.values;
  return (
    <Section title="Body" about={method === 'GET' ? 'A GET sends no form: its fields go to the query.' : undefined}>
      <SegmentedControl
        aria-label="What the body is"
        data={[
          { value: 'default', label: 'Defaults' },
          { value: 'form', label: 'Form' },
          { value: 'json', label: 'JSON' },
          { value: 'body', label: 'Text' },
        ]}
        {...form.getInputProps('content')}
      />
      {content === 'default' && (
        <Text size="sm" c="dimmed">
          The default fields alone: event, data, published_at and coreid.
        </Text>
      )}
      {content === 'form' && (
        <PairFields form={form} field="form" label="Form fields" about="Sent urlencoded" one="field" />
      )}
      {content === 'json' && (
        <Stack gap="xs">
          <SegmentedControl
            aria-label="How the JSON is made"
            size="xs"
            data={[
              { value: 'object', label: 'Object: values stay texts' },
              { value: 'text', label: 'Template text: may have numbers' },
            ]}
            value={jsonIsText ? 'text' : 'object'}
            onChange={(value) => form.setFieldValue('jsonIsText', value === 'text')}
          />
          <JsonInput
            label="JSON"
            placeholder={jsonIsText ? '{"celsius": {{{t}}}}' : '{"celsius": "{{{PARTICLE_EVENT_VALUE}}}"}'}
            autosize
            minRows={4}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            spellCheck={false}
            {...form.getInputProps('json')}
          />
        </Stack>
      )}
      {content === 'body' && (
        <Textarea
          label="Text"
          description="Sent as it is; set a Content-Type header if the server wants one"
          autosize
          minRows={4}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          spellCheck={false}
          {...form.getInputProps('body')}
        />
      )}
      {content !== 'body' && (
        <Switch
          label="Leave out the default fields"
          description="event, data, published_at and coreid are not added"
          {...form.getInputProps('noDefaults', { type: 'checkbox' })}
        />
      )}
    </Section>
  );
}
