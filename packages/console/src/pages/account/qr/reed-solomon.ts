/** Product of two elements of GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1 (ISO/IEC 18004 section 7.5.2). */
function multiply(x: number, y: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    if ((y >>> bit) & 1) product ^= x;
  }
  return product;
}

/** The coefficients of (x - 1)(x - a)…(x - a^(degree-1)) below the highest, highest first. */
function divisorOf(degree: number): number[] {
  const coefficients = [...Array<number>(degree - 1).fill(0), 1];
  let root = 1;
  for (let factor = 0; factor < degree; factor += 1) {
    for (const [at, value] of coefficients.entries()) {
      coefficients[at] = multiply(value, root) ^ (coefficients[at + 1] ?? 0);
    }
    root = multiply(root, 2);
  }
  return coefficients;
}

/**
 * Error correction codewords of a block (ISO/IEC 18004 section 7.5.2).
 * @param count how many of them
 */
export function correctionOf(block: readonly number[], count: number): number[] {
  const divisor = divisorOf(count);
  const rest = Array<number>(count).fill(0);
  for (const byte of block) {
    const factor = byte ^ (rest.shift() ?? 0);
    rest.push(0);
    for (const [at, coefficient] of divisor.entries()) rest[at] = (rest[at] ?? 0) ^ multiply(coefficient, factor);
  }
  return rest;
}
