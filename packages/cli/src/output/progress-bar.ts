export interface Bar {
  /** @param done in the unit of the total @param detail stands behind the percentage */
  update(done: number, detail?: string): void;
  /** Ends the line. Nothing is drawn afterwards. */
  end(): void;
}

const WIDTH = 30;

/** One line that is drawn over itself; at most ten times a second. @param write to a terminal @param now ms */
export function drawnBar(label: string, total: number, write: (text: string) => void, now: () => number): Bar {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let last = '';
  let ended = false;
  const draw = (line: string): void => {
    if (line === last) return;
    last = line;
    write(`\r\u001b[2K${line}`);
  };
  const lineOf = (done: number, detail: string): string => {
    const share = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
    const full = Math.round(share * WIDTH);
    const percent = `${Math.floor(share * 100)}`.padStart(3);
    return `${label} ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${percent} %${detail === '' ? '' : ` ${detail}`}`;
  };
  return {
    update(done, detail = '') {
      if (ended || (now() - drawnAt < 100 && done < total)) return;
      drawnAt = now();
      draw(lineOf(done, detail));
    },
    end() {
      if (!ended && last !== '') write('\n');
      ended = true;
    },
  };
}

export const noBar: Bar = { update() {}, end() {} };
