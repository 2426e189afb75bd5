import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPlayerPlay, IconTransferIn, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useCan } from '../../../data/permissions.ts';
import { type Place, pathOfPlace } from '../../../data/place.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { EnableSwitch } from '../enable-switch.tsx';
import { CHANGES, type IntegrationDetails, integrationOperations } from '../integration-operations.ts';
import { CopyDialog } from './copy-dialog.tsx';
import { TestDialog } from './test-dialog.tsx';

interface IntegrationActionsProps {
  readonly place: Place;
  readonly integration: IntegrationDetails;
  /** While the settings are edited, which have a switch of their own. */
  readonly isEditing: boolean;
}

/** What can be done with an integration. */
export function IntegrationActions({ place, integration, isEditing }: IntegrationActionsProps) {
  const can = useCan(place);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'test' | 'copy' | 'delete'>();
  const close = () => setDialog(undefined);
  const remove = useChange({
    run: () => integrationOperations(place).remove(integration.id),
    changes: [],
    done: () => `${integration.name} is deleted`,
    onDone: async () => {
      close();
      await navigate({ to: `${pathOfPlace(place)}/integrations` });
      queries.removeQueries({ queryKey: ['getIntegration', place, integration.id] });
      await Promise.all(CHANGES.map((name) => queries.invalidateQueries({ queryKey: [name] })));
    },
  });
  const isSandbox = place.kind === 'sandbox';
  return (
    <>
      {!isEditing && <EnableSwitch place={place} integration={integration} labelled />}
      {can('integrations:test') && (
        <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => setDialog('test')}>
          Test
        </Button>
      )}
      {(isSandbox || can('integrations:remove')) && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label="More actions">
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {isSandbox && (
              <Menu.Item leftSection={<IconTransferIn size={16} aria-hidden />} onClick={() => setDialog('copy')}>
                Copy or move into a product
              </Menu.Item>
            )}
            {can('integrations:remove') && (
              <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setDialog('delete')}>
                Delete
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      <TestDialog place={place} integration={integration} opened={dialog === 'test'} onClose={close} />
      <CopyDialog integration={integration} opened={dialog === 'copy'} onClose={close} />
      <Confirm
        opened={dialog === 'delete'}
        onClose={close}
        onConfirm={() => remove.mutate()}
        title="Delete the integration"
        action="Delete the integration"
        typed={integration.event}
        loading={remove.isPending}
      >
        {`${integration.name} is deleted with its counters, its requests and what it is still owed. This cannot be undone.`}
      </Confirm>
    </>
  );
}
