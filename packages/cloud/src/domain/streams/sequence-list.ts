/**
 * Sequences as one short text: ascending, each run of neighbours as its first and, after a `+`, how many follow it; firsts as what they lie behind the
 * end of the run before. All numbers have base 36: 100, 101, 102, 110 are `2s+2,8`.
 */
export function encodeSequences(sequences: Iterable<number>): string {
  const sorted = [...sequences].sort((one, other) => one - other);
  const parts: string[] = [];
  let end = 0;
  for (let at = 0; at < sorted.length; ) {
    const first = sorted[at] ?? 0;
    let following = 0;
    while (sorted[at + following + 1] === first + following + 1) following += 1;
    parts.push(`${(first - end).toString(36)}${following === 0 ? '' : `+${following.toString(36)}`}`);
    end = first + following;
    at += following + 1;
  }
  return parts.join(',');
}

/** @returns ascending. */
export function decodeSequences(text: string): number[] {
  const sequences: number[] = [];
  let end = 0;
  for (const part of text === '' ? [] : text.split(',')) {
    const [step = '0', following = '0'] = part.split('+');
    const first = end + Number.parseInt(step, 36);
    end = first + Number.parseInt(following, 36);
    for (let sequence = first; sequence <= end; sequence++) sequences.push(sequence);
  }
  return sequences;
}
