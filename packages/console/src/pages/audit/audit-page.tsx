import { useNavigate, useSearch } from '@tanstack/react-router';
import { AuditLog } from '../../components/audit-log/audit-log.tsx';
import { auditSearch } from '../../components/audit-log/audit-search.ts';
import { usePlace } from '../../data/use-place.ts';
import { Page } from '../../ui/page.tsx';

/** Who changed what in a product, or in an organization and its products. */
export function AuditPage() {
  const place = usePlace();
  const navigate = useNavigate();
  const search = auditSearch(useSearch({ strict: false }));
  return (
    <Page
      title="Audit log"
      about={
        place.kind === 'organization' ? 'Changes in the organization and its products.' : 'Changes in the product.'
      }
    >
      <AuditLog place={place} search={search} onSearch={(next) => navigate({ to: '.', search: next, replace: true })} />
    </Page>
  );
}
