import { ScrollArea, Tabs } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { AuditLog } from '../../components/audit-log/audit-log.tsx';
import { auditSearch } from '../../components/audit-log/audit-search.ts';
import { useUser } from '../../data/session.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { DevicesTab } from './devices/devices-tab.tsx';
import { KeysTab } from './keys/keys-tab.tsx';
import { MailboxTab } from './mailbox/mailbox-tab.tsx';
import { ModulesTab } from './modules/modules-tab.tsx';
import { OPERATOR_TABS, type OperatorSearch, type OperatorTab, operatorSearch } from './operator-search.ts';
import { PeopleTab } from './people/people-tab.tsx';
import { StatusTab } from './status-tab.tsx';

const TITLES: Readonly<Record<OperatorTab, string>> = {
  status: 'Status',
  people: 'People',
  devices: 'Devices',
  mailbox: 'Mailbox',
  modules: 'Device OS modules',
  keys: 'Server keys',
  audit: 'Audit log',
};

/** What whoever runs this cloud looks after. */
export function OperatorPage() {
  const { operator } = useUser();
  return (
    <Page title="Operator" about="Everything that concerns this cloud as a whole, for those who run it.">
      {operator ? <OperatorTabs /> : <NoOperator />}
    </Page>
  );
}

function NoOperator() {
  return (
    <EmptyState icon={<IconLock size={40} stroke={1.5} aria-hidden />} title="These pages are for operators">
      Your account does not run this cloud. Ask one of those who do; what is yours stands under Devices and Products.
    </EmptyState>
  );
}

function OperatorTabs() {
  const search = operatorSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const { tab = 'status', page = 1 } = search;
  const go = (next: OperatorSearch) =>
    void navigate({ to: '.', search: () => next, replace: true, resetScroll: false });
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: on narrow screens the chosen tab may stand beside the list
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [tab]);
  const paging = { page, onPage: (next: number) => go({ tab, ...(next > 1 && { page: next }) }) };
  const panels: Readonly<Record<OperatorTab, ReactNode>> = {
    status: <StatusTab />,
    people: <PeopleTab {...paging} />,
    devices: <DevicesTab />,
    mailbox: <MailboxTab {...paging} />,
    modules: <ModulesTab />,
    keys: <KeysTab />,
    audit: (
      <AuditLog
        place="operator"
        search={auditSearch({ ...search })}
        onSearch={(next) => go({ tab: 'audit', ...next })}
      />
    ),
  };
  const choose = (value: string | null) => {
    const chosen = OPERATOR_TABS.find((one) => one === value);
    if (chosen !== undefined) go({ tab: chosen });
  };
  return (
    <Tabs value={tab} onChange={choose} keepMounted={false}>
      <ScrollArea type="auto" offsetScrollbars="x" mb="md">
        <Tabs.List ref={list} style={{ flexWrap: 'nowrap' }} aria-label="Parts of this cloud">
          {OPERATOR_TABS.map((one) => (
            <Tabs.Tab key={one} value={one} style={{ flexShrink: 0 }}>
              {TITLES[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </ScrollArea>
      <Tabs.Panel value={tab}>{panels[tab]}</Tabs.Panel>
    </Tabs>
  );
}
