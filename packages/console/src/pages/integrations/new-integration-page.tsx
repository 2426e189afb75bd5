import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCan, usePermissionsKnown } from '../../data/permissions.ts';
import { pathOfPlace } from '../../data/place.ts';
import { useChange } from '../../data/use-change.ts';
import { usePlace } from '../../data/use-place.ts';
import { Skeletons } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { IntegrationEditor } from './editor/integration-editor.tsx';
import { CHANGES, integrationOperations } from './integration-operations.ts';
import type { Settings } from './settings/settings.ts';
import { keepSigningSecret } from './signing-secret.tsx';
import { FiresFor } from './trigger-note.tsx';

/** Makes an integration, from a form or from JSON (UI-23). */
export function NewIntegrationPage() {
  const place = usePlace();
  const can = useCan(place);
  const isKnown = usePermissionsKnown(place);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { view, event } = useSearch({ strict: false });
  const create = useChange({
    run: (settings: Settings) => integrationOperations(place).create(settings),
    changes: CHANGES,
    showsError: true,
    done: (_, { name }) => `${name} is there`,
    onDone: ({ id, signing_secret: secret }) => {
      if (secret !== undefined) keepSigningSecret(queries, id, secret);
      void navigate({ to: `${pathOfPlace(place)}/integrations/${id}` });
    },
  });
  if (!isKnown) {
    return (
      <Page title="New integration">
        <Skeletons lines={8} />
      </Page>
    );
  }
  return (
    <Page title="New integration" about={<FiresFor place={place} what="It fires" />}>
      <IntegrationEditor
        place={place}
        settings={{ event: event ?? '', url: '' }}
        isNew
        readOnly={!can('integrations:create')}
        view={view ?? 'form'}
        onView={(next) =>
          void navigate({
            to: '.',
            search: { ...(event !== undefined && { event }), ...(next === 'json' && { view: next }) },
            replace: true,
          })
        }
        action="Make the integration"
        onSave={create.mutateAsync}
      />
    </Page>
  );
}
