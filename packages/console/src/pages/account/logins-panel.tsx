import { Group } from '@mantine/core';
import { LinkButton } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';

/** Leads to where log-ins and tokens are listed. */
export function LoginsPanel() {
  return (
    <Panel title="Log-ins and tokens" about="Browsers that are logged in, tokens of apps and scripts, OAuth clients.">
      <Group>
        <LinkButton to="/authentication" variant="default">
          See them under Authentication
        </LinkButton>
      </Group>
    </Panel>
  );
}
