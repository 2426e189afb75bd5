import { CliError, usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument, flag, listOption, numberOption, wholeNumber } from '../../program/parameters.ts';
import { impactText, scopeText } from '../../services/firmware/release-text.ts';
import { inProduct } from '../../services/products/find-product.ts';

export const productRolloutCreate = defineCommand({
  name: 'product rollout create',
  summary: 'Release a version in steps',
  details:
    'The first step begins at once, the next when its devices are decided and the pause is over; after the last the version is released. More failures than the threshold halt it.',
  args: {
    product: argument('id or slug', { complete: 'product' }),
    version: argument('a version that a device has run'),
  },
  options: {
    isDefault: flag('--default', 'for all devices that no group decides for'),
    groups: listOption('--group <name>', 'for the devices of this group; may be repeated'),
    steps: listOption('--step <reach>', '10%, 50 (devices) or names of groups; 1, 10, 50 and 100 % when left out'),
    pause: numberOption('--pause <minutes>', 'after each step (60)', { most: 43_200 }),
    threshold: numberOption('--threshold <percent>', 'of failures that halt it (2)', { most: 100 }),
    deadline: numberOption('--deadline <minutes>', 'that a device may take (1440)', { least: 5, most: 43_200 }),
    now: flag('--now', 'devices that are online get it at once, not at their next handshake'),
  },
  examples: [
    { line: 'product rollout create 12345 7 --default --step 5% --step 100%', says: 'asks, and begins with 5 %' },
  ],
  json: 'the rollout, as the API has it',
  async run({ product, version: word, isDefault, groups, ...how }, { cloud, out, ask }) {
    const { readStep, rolloutText } = await import('../../services/firmware/rollout-text.ts');
    const version = wholeNumber(word, '<version>', { least: 1, most: 65_535 });
    if (!isDefault && groups.length === 0) throw usageError('Say for whom: --default, --group <name>, or both');
    const steps = how.steps.map(readStep);
    const params = { productIdOrSlug: product };
    const names = groups.length > 0 && { groups: groups.join(',') };
    const query = { firmware_version: version, product_default: isDefault, ...names };
    const { devices } = await inProduct(product, cloud.call('getReleaseImpact', { params, query }));
    out.note(`${impactText(devices.firmware_update)}, in steps`);
    const to = scopeText({ isDefault, groups });
    if (!(await ask.confirm(`Begin to roll version ${version} out to ${to}?`))) {
      throw new CliError('failure', 'Nothing was begun');
    }
    const body = {
      version,
      product_default: isDefault,
      groups: [...groups],
      ...(steps.length > 0 && { steps }),
      ...(how.pause !== undefined && { pause_minutes: how.pause }),
      ...(how.threshold !== undefined && { failure_threshold_percent: how.threshold }),
      ...(how.deadline !== undefined && { deadline_minutes: how.deadline }),
      immediate: how.now,
    };
    const { rollout } = await cloud.call('createRollout', { params, body });
    out.result(rollout, rolloutText(rollout));
  },
});
