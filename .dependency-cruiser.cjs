// The import table of ARCHITECTURE.md, section "Packages". One rule a package; what a rule does not list is forbidden.
const ours = '^packages/|^e2e/';
const only = (name, allowed) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: `${name} may import only: itself, ${allowed.join(', ') || 'nothing of ours'}`,
  from: { path: `^packages/${name}/src`, pathNot: '\\.test\\.ts$' },
  to: {
    path: ours,
    pathNot: [`^packages/${name}/src`, ...allowed.map((other) => `^packages/${other}/src/index\\.ts$`)],
  },
});
const domains = [
  'accounts',
  'audit',
  'authorization',
  'customers',
  'data-operations',
  'deliveries',
  'devices',
  'events',
  'firmware',
  'health',
  'history',
  'integrations',
  'mail',
  'organizations',
  'platforms',
  'products',
  'releases',
  'rollouts',
  'server-keys',
  'sessions',
  'streams',
  'teams',
  'vitals',
];

module.exports = {
  forbidden: [
    only('kernel', []),
    only('wire', ['kernel']),
    only('gateway', ['kernel', 'wire']),
    only('virtual-device', ['kernel', 'wire']),
    only('contract', []),
    only('cloud', ['kernel', 'wire', 'gateway', 'contract']),
    only('demo', ['kernel', 'wire', 'cloud', 'virtual-device']),
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'wire-crypto-only-in-crypto',
      severity: 'error',
      from: { path: '^packages/wire/src', pathNot: ['^packages/wire/src/crypto', '\\.test\\.ts$'] },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?buffer$' },
    },
    {
      name: 'contract-runs-in-a-browser',
      severity: 'error',
      from: { path: '^packages/contract/src', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    ...domains.map((domain) => ({
      name: `domain-${domain}-has-one-door`,
      severity: 'error',
      from: { path: '^packages/cloud/src', pathNot: `^packages/cloud/src/domain/${domain}|\\.test\\.ts$` },
      to: { path: `^packages/cloud/src/domain/${domain}/`, pathNot: 'index\\.ts$' },
    })),
    {
      name: 'domain-knows-no-surface',
      severity: 'error',
      from: { path: '^packages/cloud/src/domain', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/cloud/src/(http|jobs|adapters)' },
    },
    {
      name: 'surfaces-do-not-touch-sql',
      severity: 'error',
      from: { path: '^packages/cloud/src/(http|jobs)', pathNot: '\\.test\\.ts$' },
      to: { path: ['^packages/cloud/src/store/(tables|migrations|sqlite|postgres)', '^node_modules/(kysely|pg)'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
