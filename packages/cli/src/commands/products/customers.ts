import { usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { argument, flag, numberOption } from '../../program/parameters.ts';
import { confirm } from '../../prompts/confirm.ts';
import { productArgument } from './parameters.ts';

const find = () => import('../../services/products/find-product.ts');
const customer = argument('E-mail address or other unique text that the customer goes by');
const passwordStdin = flag('--password-stdin', 'read the password from standard input; asked for when left out');

export const productCustomerList = defineCommand({
  name: 'product customer list',
  summary: 'List the customers of a product and their devices',
  args: { product: productArgument },
  options: {
    page: numberOption('--page <number>', 'this page, from 1', { least: 1 }),
    perPage: numberOption('--per-page <number>', 'customers on a page (25)', { least: 1, most: 100 }),
    all: flag('--all', 'every page'),
  },
  json: '`{ customers, total_pages }`: `devices` of a customer are ids',
  async run({ product, page, perPage, all }, { cloud, out }) {
    const { listCustomers } = await import('../../services/products/list-customers.ts');
    const { customerTable } = await import('../../services/products/customer-table.ts');
    const table = customerTable();
    const collected = [];
    let pages = 0;
    let count = 0;
    for await (const one of listCustomers(cloud, product, { page, perPage, all })) {
      pages = one.pages;
      count += one.customers.length;
      if (out.json) collected.push(...one.customers);
      else if (one.customers.length > 0) out.item(undefined, table(one.customers));
    }
    out.result({ customers: collected, total_pages: pages }, []);
    if (count === 0) out.note('No customers');
    else if (!all && pages > 1) out.note(`Page ${page ?? 1} of ${pages} (--all lists every one)`);
  },
});

export const productCustomerCreate = defineCommand({
  name: 'product customer create',
  summary: 'Make a customer of a product',
  args: { product: productArgument, customer },
  options: {
    passwordStdin,
    noPassword: flag('--without-password', 'nobody logs in as it: only the server of the product speaks for it'),
  },
  examples: [{ line: 'product customer create 12345 ann@example.net', says: 'asks for a password' }],
  json: '`{ username, access_token, refresh_token, expires_in }`: it is logged in at once; seconds',
  async run({ product, customer: email, passwordStdin: fromStdin, noPassword }, { cloud, out, ask, readStdin }) {
    if (fromStdin && noPassword) throw usageError('--password-stdin and --without-password exclude each other');
    const { inProduct } = await find();
    const password = async (): Promise<string> => {
      if (!fromStdin) return ask.password(`Password for ${printable(email)}:`, '--password-stdin');
      return (await readStdin()).replace(/\r?\n$/, '');
    };
    const body = { email, ...(noPassword ? { no_password: true } : { password: await password() }) };
    const call = cloud.call('createCustomer', { params: { productIdOrSlug: product }, body });
    const { access_token, refresh_token, expires_in } = await inProduct(product, call);
    out.result({ username: email, access_token, refresh_token, expires_in }, `Made customer ${printable(email)}`);
  },
});

export const productCustomerPassword = defineCommand({
  name: 'product customer set-password',
  summary: 'Give a customer a new password',
  details: 'The customer is logged out everywhere.',
  args: { product: productArgument, customer },
  options: { passwordStdin },
  json: '`{ username }`',
  async run({ product, customer: email, passwordStdin: fromStdin }, { cloud, out, ask, readStdin }) {
    const { inProduct } = await find();
    const password = fromStdin
      ? (await readStdin()).replace(/\r?\n$/, '')
      : await ask.password(`New password for ${printable(email)}:`, '--password-stdin');
    const params = { productIdOrSlug: product, email };
    await inProduct(product, cloud.call('updateCustomer', { params, body: { password } }));
    out.result({ username: email }, `Changed the password of ${printable(email)}`);
  },
});

export const productCustomerRemove = defineCommand({
  name: 'product customer remove',
  aliases: ['product customer delete'],
  summary: 'Delete a customer of a product',
  details: 'Its tokens stop working; its devices stay in the product and belong to nobody.',
  args: { product: productArgument, customer },
  json: '`{ username }`',
  async run({ product, customer: email }, { cloud, out, ask }) {
    const { inProduct } = await find();
    await confirm(ask, `Delete the customer ${printable(email)}?`);
    const params = { productIdOrSlug: product, email };
    await inProduct(product, cloud.call('deleteCustomer', { params }));
    out.result({ username: email }, `Deleted customer ${printable(email)}`);
  },
});
