import { Switch } from '@mantine/core';
import { useCan } from '../../data/permissions.ts';
import type { Place } from '../../data/place.ts';
import { useChange } from '../../data/use-change.ts';
import { CHANGES, type Integration, integrationOperations } from './integration-operations.ts';
import { settingsOfAnswer } from './settings/settings.ts';

interface EnableSwitchProps {
  readonly place: Place;
  readonly integration: Integration;
  /** Shows the word beside it. */
  readonly labelled?: boolean;
}

/** Switches an integration on and off, and leaves its other settings as they are. */
export function EnableSwitch({ place, integration, labelled = false }: EnableSwitchProps) {
  const can = useCan(place);
  const { id, name, disabled } = integration;
  const change = useChange({
    run: (enabled: boolean) =>
      integrationOperations(place).update(id, { ...settingsOfAnswer(integration), disabled: !enabled }),
    changes: CHANGES,
    done: (enabled) => (enabled ? `${name} is enabled` : `${name} is disabled: its events wait`),
  });
  const word = disabled ? 'Disabled' : 'Enabled';
  return (
    <Switch
      checked={change.isPending ? change.variables : !disabled}
      onChange={(event) => change.mutate(event.currentTarget.checked)}
      disabled={change.isPending || !can('integrations:update')}
      aria-label={`${name} is enabled`}
      label={labelled ? word : undefined}
    />
  );
}
