// A program of a user that reads as a member of a consumer group: it prints the ids that it gets, and acknowledges them. GROUP_URL, ACK_URL, TOKEN.
import { get } from 'node:http';

const BATCH = 50;
const { GROUP_URL = '', ACK_URL = '', TOKEN = '' } = process.env;
const authorization = `Bearer ${TOKEN}`;
const waiting: string[] = [];
let acknowledging = false;

async function acknowledge(): Promise<void> {
  if (acknowledging) return;
  acknowledging = true;
  while (waiting.length > 0) {
    const ids = waiting.splice(0, BATCH);
    process.stdout.write(`got ${ids.join(' ')}\n`);
    const headers = { authorization, 'content-type': 'application/json' };
    const reply = await fetch(ACK_URL, { method: 'POST', headers, body: JSON.stringify({ ids }) });
    const { acknowledged } = (await reply.json()) as { acknowledged: number };
    process.stdout.write(`acknowledged ${acknowledged}\n`);
  }
  acknowledging = false;
}

get(GROUP_URL, { headers: { authorization } }, (response) => {
  process.stdout.write('open\n');
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('id: ')) waiting.push(line.slice(4));
    void acknowledge();
  });
});
