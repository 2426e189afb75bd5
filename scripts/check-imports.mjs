// Holds the code against the import table, and fails when the cruiser saw too little to mean anything.
import { cruise } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const FLOOR = 400;
const options = await extractDepcruiseOptions('./.dependency-cruiser.cjs');
const result = await cruise(['packages', 'e2e'], { ...options, outputType: 'json', validate: true }, undefined, {
  tsConfig: extractTSConfig('./tsconfig.json'),
});
const { summary } = JSON.parse(result.output);
for (const { rule, from, to } of summary.violations) process.stderr.write(`${rule.name}: ${from} -> ${to}\n`);
if (summary.totalCruised < FLOOR)
  process.stderr.write(`Only ${summary.totalCruised} modules seen; at least ${FLOOR} expected.\n`);
const bad = summary.error > 0 || summary.totalCruised < FLOOR;
process.stdout.write(`imports: ${summary.totalCruised} modules, ${summary.error} violations\n`);
process.exit(bad ? 1 : 0);
