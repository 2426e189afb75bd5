/** A square of modules that are dark, light, or not set yet. */
export class Grid {
  readonly size: number;
  readonly #modules: (boolean | undefined)[];

  constructor(size: number) {
    this.size = size;
    this.#modules = Array<boolean | undefined>(size * size).fill(undefined);
  }

  /** @returns undefined for a module that is not set, and outside of the square */
  get(x: number, y: number): boolean | undefined {
    return x < 0 || y < 0 || x >= this.size || y >= this.size ? undefined : this.#modules[y * this.size + x];
  }

  /** Does nothing outside of the square. */
  set(x: number, y: number, dark: boolean): void {
    if (x >= 0 && y >= 0 && x < this.size && y < this.size) this.#modules[y * this.size + x] = dark;
  }

  /** Sets all modules around one, up to `radius` away, by their distance: the longer of across and down. */
  setRings(x: number, y: number, radius: number, isDark: (distance: number) => boolean): void {
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) {
        this.set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
      }
    }
  }

  copy(): Grid {
    const grid = new Grid(this.size);
    for (const [at, dark] of this.#modules.entries()) grid.#modules[at] = dark;
    return grid;
  }
}
