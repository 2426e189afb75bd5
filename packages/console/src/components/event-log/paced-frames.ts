/** More events a second than people can read as they pass. */
const FAST_PER_SECOND = 100;
/** How often the list moves while they come so fast, ms. */
const CALM_MS = 450;

export interface PacedFramesOptions {
  /** Runs something at the next frame of the screen. */
  readonly frame: (run: () => void) => void;
  readonly wait: (run: () => void, ms: number) => void;
  /** Monotonic, ms. */
  readonly now: () => number;
}

/**
 * When the list of events moves: at the next frame of the screen, and about twice a second while events come faster than anybody reads, so that the rest of
 * the page stays quick.
 * @returns what runs `tell`. `came`: how many events came between the last two times; 0 for what a person did, which is shown at once
 */
export function pacedFrames({ frame, wait, now }: PacedFramesOptions): (tell: () => void, came: number) => void {
  let previous = now();
  let latest = previous;
  return (tell, came) => {
    const run = () => {
      previous = latest;
      latest = now();
      tell();
    };
    const isFast = latest > previous && came > ((latest - previous) / 1000) * FAST_PER_SECOND;
    const left = isFast ? latest + CALM_MS - now() : 0;
    if (left > 0) wait(() => frame(run), left);
    else frame(run);
  };
}
