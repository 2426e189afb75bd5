import type { Output } from '@cloudchamber/contract';
import { Button, Group, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../../data/api.ts';
import { reading } from '../../../data/query.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { Panel } from '../../../ui/panel.tsx';
import type { SettingsPartProps } from './general-form.tsx';

type Retention = Output<'getProductHistoryRetention'>;

/** For how many days events of the product are kept. */
export function RetentionForm({ product, mayEdit }: SettingsPartProps) {
  const params = { productIdOrSlug: String(product.id) };
  const retention = useQuery(reading('getProductHistoryRetention', { params }));
  return (
    <Panel title="History of events" about="For how long past events can be looked at and replayed.">
      <Loaded query={retention} lines={3}>
        {(kept) =>
          mayEdit ? (
            <Days key={kept.days} kept={kept} product={String(product.id)} />
          ) : (
            <Text size="sm">
              Events are kept for <b>{kept.days === 1 ? '1 day' : `${kept.days} days`}</b>.
            </Text>
          )
        }
      </Loaded>
    </Panel>
  );
}

interface DaysProps {
  readonly kept: Retention;
  readonly product: string;
}

function Days({ kept, product }: DaysProps) {
  const { days, chosen_days: chosen, most_days: most } = kept;
  const [isChosen, setIsChosen] = useState(chosen !== null);
  const [typed, setTyped] = useState<number | string>(chosen ?? days);
  const [isAsking, setIsAsking] = useState(false);
  const wanted = isChosen ? Number(typed) : null;
  const isValid = wanted === null || (typed !== '' && Number.isInteger(wanted) && wanted >= 1 && wanted <= most);
  const save = useChange({
    run: () =>
      api.call('updateProductHistoryRetention', { params: { productIdOrSlug: product }, body: { days: wanted } }),
    changes: ['getProductHistoryRetention'],
    done: () => 'Saved',
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isValid) return;
    if ((wanted ?? most) < days) setIsAsking(true);
    else save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Radio.Group
          aria-label="How long events are kept"
          value={isChosen ? 'chosen' : 'all'}
          onChange={(value) => setIsChosen(value === 'chosen')}
        >
          <Stack gap="sm">
            <Radio value="all" label={`As long as the cloud keeps events: ${most === 1 ? '1 day' : `${most} days`}`} />
            <Radio value="chosen" label="For fewer days" />
          </Stack>
        </Radio.Group>
        {isChosen && (
          <NumberInput
            label="Days"
            min={1}
            max={most}
            allowDecimal={false}
            value={typed}
            onChange={setTyped}
            error={isValid ? undefined : `A number from 1 to ${most}`}
            maw={160}
          />
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={wanted === chosen || !isValid}>
            Save
          </Button>
        </Group>
      </Stack>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false);
          save.mutate();
        }}
        title="Keep events for fewer days?"
        action="Forget older events"
      >
        <Text size="sm">
          Events that are older than {wanted === 1 ? '1 day' : `${wanted ?? most} days`} are hidden at once. Within the
          hour they are deleted, unless the account that they belong to as well keeps them longer.
        </Text>
      </Confirm>
    </form>
  );
}
