const ESCAPE = '\u001b';
const BELL = '\u0007';

/** Where a stream of text stands: in text, behind an escape, in a control sequence, or in a string of one. */
type State = 'text' | 'escape' | 'sequence' | 'string' | 'string-escape';

/** Begin a string that ends with BEL or ESC \: titles, clipboards, downloads. */
const STRINGS = new Set(['P', 'X', ']', '^', '_']);
/** Colours are kept up to this many characters. */
const LONGEST_SEQUENCE = 32;

/**
 * What a terminal may be shown of a device's output: text, line ends, tabs, and colours. Sequences that move the cursor, answer back, or set titles and the
 * clipboard are left out, also where they come in pieces.
 * @returns a function that takes the next piece, and gives what is to be shown of it
 */
export function safeEcho(): (text: string) => string {
  let state: State = 'text';
  let sequence = '';
  const step = (character: string): string => {
    switch (state) {
      case 'text':
        if (character === ESCAPE) state = 'escape';
        return character === ESCAPE || isControl(character) ? '' : character;
      case 'escape':
        sequence = '';
        state =
          character === '[' ? 'sequence' : STRINGS.has(character) ? 'string' : character === ESCAPE ? 'escape' : 'text';
        return character === '\n' ? character : '';
      case 'sequence':
        if (character >= ' ' && character <= '?') {
          sequence += character;
          return '';
        }
        state = character === ESCAPE ? 'escape' : 'text';
        if (character === 'm' && sequence.length <= LONGEST_SEQUENCE && /^[\d;:]*$/.test(sequence))
          return `${ESCAPE}[${sequence}m`;
        return character === '\n' ? character : '';
      case 'string':
      case 'string-escape':
        if (character === '\n') {
          state = 'text';
          return character;
        }
        if (character === BELL || (state === 'string-escape' && character === '\\')) state = 'text';
        else state = character === ESCAPE ? 'string-escape' : 'string';
        return '';
    }
  };
  return (text) => [...text].map(step).join('');
}

function isControl(character: string): boolean {
  return /(?![\t\n\r\b])\p{Cc}/u.test(character);
}
