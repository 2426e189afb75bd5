import { type AuditSearch, auditSearch } from '../../components/audit-log/audit-search.ts';

export const OPERATOR_TABS = ['status', 'people', 'devices', 'mailbox', 'modules', 'keys', 'audit'] as const;
export type OperatorTab = (typeof OPERATOR_TABS)[number];

/** What the address of the operator's pages says. */
export interface OperatorSearch extends AuditSearch {
  /** Status when left out. */
  readonly tab?: OperatorTab;
  /** Of people or mails, from 1; the first when left out. */
  readonly page?: number;
}

/** @param search of the address; what makes no sense is left out */
export function operatorSearch(search: Record<string, unknown>): OperatorSearch {
  const tab = OPERATOR_TABS.find((one) => one === search.tab);
  const page = Number(search.page);
  return {
    ...(tab && { tab }),
    ...((tab === 'people' || tab === 'mailbox') && Number.isSafeInteger(page) && page > 1 && { page }),
    ...(tab === 'audit' && auditSearch(search)),
  };
}
