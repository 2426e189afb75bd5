import { Anchor, Collapse, Paper, Stack, Text } from '@mantine/core';
import classes from './event-log.module.css';

export interface FilterHelpProps {
  readonly id: string;
  readonly isOpen: boolean;
  readonly isOneDevice: boolean;
  /** A device and a name of the person's own, for the examples. */
  readonly deviceId: string | undefined;
  readonly eventName: string | undefined;
  /** Puts an example into the filter. */
  onUse(example: string): void;
}

/** The modifiers, what each does, and examples that can be used at once (UI-10 to 16). */
export function FilterHelp({ id, isOpen, isOneDevice, deviceId, eventName, onUse }: FilterHelpProps) {
  const name = eventName ?? 'temperature';
  const device = deviceId ?? '34003d001647353236343012';
  const quoted = /\s/.test(name) ? `"${name}"` : name;
  const all: readonly (readonly [modifier: string, does: string, example: string])[] = [
    ['device:', 'Only events of this device, by its id or its whole name.', `device:${device}`],
    ['event:', 'Only events of this name. With * at its end: of names that begin so.', `event:${quoted}`],
    ['range:', 'Only events whose data is a number from … to …', 'range:20-100'],
    ['data:', 'Only events with this in their data.', 'data:device-is-ok'],
    [
      'Together',
      'One of each can be combined; all must fit.',
      isOneDevice ? `event:${quoted} range:30-50` : `device:${device} event:${quoted} range:30-50`,
    ],
    ['With text', 'Text beside event: is looked for in the data.', `35 event:${quoted}`],
  ];
  const shown = isOneDevice ? all.filter(([modifier]) => modifier !== 'device:') : all;
  return (
    <Collapse expanded={isOpen} id={id}>
      <Paper withBorder p="sm" radius="md">
        <Stack gap="xs">
          <Text size="sm">
            Text alone is compared with name, data, device and date; capitals don’t matter, each word must be found. “In
            quotation marks” spaces belong to it.
            {isOneDevice && ' device: cannot be used here: these are the events of one device already.'}
          </Text>
          <dl className={classes.help}>
            {shown.map(([modifier, does, example]) => (
              <div key={modifier}>
                <dt>{modifier}</dt>
                <dd>
                  {does}{' '}
                  <Anchor component="button" type="button" className="mono" onClick={() => onUse(example)} ta="left">
                    {example}
                  </Anchor>
                </dd>
              </div>
            ))}
          </dl>
        </Stack>
      </Paper>
    </Collapse>
  );
}
