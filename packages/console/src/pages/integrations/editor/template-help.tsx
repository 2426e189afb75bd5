import { Accordion, Text } from '@mantine/core';
import { CopyIcon } from '../../../ui/copy.tsx';
import { type Column, Rows } from '../../../ui/data-table.tsx';

interface Variable {
  readonly name: string;
  readonly about: string;
}

const VARIABLES: readonly Variable[] = [
  { name: '{{{PARTICLE_EVENT_NAME}}}', about: 'Name of the event' },
  { name: '{{{PARTICLE_EVENT_VALUE}}}', about: 'Data of the event' },
  { name: '{{{PARTICLE_DEVICE_ID}}}', about: 'The device, or api' },
  { name: '{{{PARTICLE_PUBLISHED_AT}}}', about: 'When it was published, ISO 8601' },
  { name: '{{{PARTICLE_EVENT_ID}}}', about: 'Unique on this cloud' },
  { name: '{{{PRODUCT_ID}}}', about: 'The product of the device' },
  { name: '{{{PRODUCT_USER_ID}}}', about: 'The owner of the device' },
  { name: '{{{PRODUCT_VERSION}}}', about: 'Version of the firmware that the device runs' },
  { name: '{{{PARTICLE_EVENT_JSON}}}', about: 'The whole event as JSON' },
  { name: '{{{PARTICLE_EVENT_BASE64}}}', about: 'The same in Base64' },
  { name: '{{{temperature}}}', about: 'Any key of event data that is a JSON object, here {"temperature": 21.5}' },
];

const COLUMNS: readonly Column<Variable>[] = [
  {
    title: 'Variable',
    cell: ({ name }) => (
      <span style={{ whiteSpace: 'nowrap', display: 'inline-flex', alignItems: 'center', gap: 4 }}>
        <span className="mono">{name}</span>
        <CopyIcon value={name} what={name} />
      </span>
    ),
  },
  { title: 'Becomes', cell: ({ about }) => about },
];

/** What texts of an integration may contain (INT-05). */
export function TemplateHelp() {
  return (
    <Accordion variant="contained" chevronPosition="left" order={2}>
      <Accordion.Item value="variables">
        <Accordion.Control>Template variables</Accordion.Control>
        <Accordion.Panel>
          <Text size="sm" mb="xs">
            Three braces put a value in as it is, two escape it for HTML. What is missing becomes nothing. Sections,
            such as <span className="mono">{'{{#on}}yes{{/on}}'}</span>, and paths, such as{' '}
            <span className="mono">{'{{{results.0.lat}}}'}</span>, work as in Mustache.
          </Text>
          <Rows label="Template variables" rows={VARIABLES} keyOf={({ name }) => name} columns={COLUMNS} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
