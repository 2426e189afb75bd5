/** How words reach the program: as they stand on the command line, the last one only, or taken out of their quotes. */
export type Rawness = 'all' | 'last' | 'none';

/** Takes words out of the quotes and backslashes of a POSIX shell; an open quote ends with the word. */
export function plainWords(words: readonly string[], raw: Rawness): readonly string[] {
  if (raw === 'none') return words;
  if (raw === 'last') return words.map((word, at) => (at === words.length - 1 ? unquoted(word) : word));
  return joined(words).map(unquoted);
}

/** bash splits `--flag=value` into three words, and `--flag=` into two. */
function joined(words: readonly string[]): readonly string[] {
  const whole: string[] = [];
  for (const [at, word] of words.entries()) {
    const before = whole.at(-1);
    const isSign = word === '=' && before?.startsWith('--') === true;
    const isValue = words[at - 1] === '=' && before?.startsWith('--') === true && before.endsWith('=');
    if (before !== undefined && (isSign || isValue)) whole[whole.length - 1] = before + word;
    else whole.push(word);
  }
  return whole;
}

function unquoted(word: string): string {
  let plain = '';
  let quote = '';
  for (let at = 0; at < word.length; at += 1) {
    const letter = word[at] ?? '';
    const next = word[at + 1];
    if (letter === quote) quote = '';
    else if (quote === '' && (letter === "'" || letter === '"')) quote = letter;
    else if (letter === '\\' && quote !== "'" && next !== undefined && (quote === '' || '"\\$`'.includes(next))) {
      plain += next;
      at += 1;
    } else plain += letter;
  }
  return plain;
}
