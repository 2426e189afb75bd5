import { Checkbox, SimpleGrid, Switch, Textarea, TextInput } from '@mantine/core';
import type { Place } from '../../../data/place.ts';
import { MASK } from '../settings/settings.ts';
import type { DraftForm } from './draft-form.ts';
import { Section } from './section.tsx';

interface ResponseFieldsProps {
  readonly form: DraftForm;
  readonly place: Place;
}

const RESPONSE = 'hook-response/{{PARTICLE_EVENT_NAME}}';

/** What becomes of replies, and how requests are signed. */
export function ResponseFields({ form, place }: ResponseFieldsProps) {
  const { responseTemplateIsObject, signingSecret } = form.values;
  const byDefault = place.kind === 'sandbox' ? RESPONSE : `{{PARTICLE_DEVICE_ID}}/${RESPONSE}`;
  return (
    <Section title="Response" about="What the server answers is published, so that devices can subscribe to it.">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Response topic"
          description="The number of the chunk is added, such as /0"
          placeholder={byDefault}
          {...form.getInputProps('responseTopic')}
        />
        <TextInput
          label="Error response topic"
          description="Published when a delivery is given up"
          placeholder="hook-error/{{PARTICLE_EVENT_NAME}}"
          {...form.getInputProps('errorResponseTopic')}
        />
      </SimpleGrid>
      <Textarea
        label="Response template"
        description="Picks from a JSON reply: its keys are variables. The whole reply when empty."
        placeholder="{{main.temp}}"
        autosize
        minRows={1}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        spellCheck={false}
        {...form.getInputProps('responseTemplate')}
      />
      {responseTemplateIsObject && (
        <Checkbox
          label="The response template is a JSON object, whose values are templates"
          {...form.getInputProps('responseTemplateIsObject', { type: 'checkbox' })}
        />
      )}
      <Switch
        label="One event for the whole response"
        description="Instead of chunks of 512 bytes"
        {...form.getInputProps('unchunked', { type: 'checkbox' })}
      />
      <Switch
        label="Response as bytes"
        description="Devices get the bytes, event streams show a data URL"
        {...form.getInputProps('dataUrlResponseEvent', { type: 'checkbox' })}
      />
      <TextInput
        label="Signing secret"
        description={
          signingSecret === MASK
            ? 'Kept as it is while this text stands here'
            : 'whsec_ and 24 to 64 bytes in Base64; made by itself when empty'
        }
        autoComplete="off"
        {...form.getInputProps('signingSecret')}
      />
    </Section>
  );
}
