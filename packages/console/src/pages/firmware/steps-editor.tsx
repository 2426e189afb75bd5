import {
  ActionIcon,
  Button,
  Fieldset,
  Group,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Stack,
  Text,
} from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { randomId } from '@mantine/hooks';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { reading } from '../../data/query.ts';
import { nextStep, type RolloutFields } from './rollout-form.ts';
import classes from './steps-editor.module.css';

export interface StepsEditorProps {
  readonly product: string;
  readonly form: UseFormReturnType<RolloutFields>;
}

const KINDS = [
  { value: 'percent', label: 'Per cent of devices' },
  { value: 'count', label: 'Number of devices' },
  { value: 'groups', label: 'Groups' },
];
const MOST_STEPS = 20;

/** The steps of a rollout: how many devices each reaches, those of the steps before among them. */
export function StepsEditor({ product, form }: StepsEditorProps) {
  const groups = useQuery(reading('listGroups', { params: { productIdOrSlug: product } }));
  const names = groups.data?.groups.map(({ name }) => name) ?? [];
  const { steps } = form.values;
  return (
    <Fieldset legend="Steps" p="md">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Per cents and numbers count the devices of the steps before, so that they rise. After the last step the
          version is released to all targets.
        </Text>
        <ol className={classes.steps}>
          {steps.map(({ key, kind }, index) => (
            <li key={key} className={classes.step}>
              <Text fw={600} className={classes.number} aria-hidden>
                {index + 1}
              </Text>
              <NativeSelect
                aria-label={`Step ${index + 1} reaches`}
                data={KINDS}
                className={classes.kind}
                {...form.getInputProps(`steps.${index}.kind`)}
              />
              <div className={classes.value}>
                {kind === 'groups' ? (
                  <MultiSelect
                    aria-label={`Groups of step ${index + 1}`}
                    placeholder="Choose groups"
                    data={names}
                    searchable
                    {...form.getInputProps(`steps.${index}.groups`)}
                  />
                ) : (
                  <NumberInput
                    aria-label={kind === 'percent' ? `Per cent of step ${index + 1}` : `Devices of step ${index + 1}`}
                    suffix={kind === 'percent' ? ' %' : ''}
                    min={kind === 'percent' ? 0 : 1}
                    {...(kind === 'percent' && { max: 100 })}
                    allowDecimal={kind === 'percent'}
                    {...form.getInputProps(`steps.${index}.${kind}`)}
                  />
                )}
              </div>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                className={classes.remove}
                aria-label={`Remove step ${index + 1}`}
                disabled={steps.length === 1}
                onClick={() => form.removeListItem('steps', index)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </li>
          ))}
        </ol>
        {form.errors.steps !== undefined && (
          <Text size="sm" c="error" role="alert">
            {form.errors.steps}
          </Text>
        )}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={16} aria-hidden />}
            disabled={steps.length >= MOST_STEPS}
            onClick={() => form.insertListItem('steps', nextStep(steps, randomId()))}
          >
            Add a step
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
