import { useMemo } from 'react';
import { qrGrid } from './qr/qr-grid.ts';

export interface QrCodeProps {
  readonly text: string;
  /** What it is, for people who hear it. */
  readonly label: string;
}

const BORDER = 4;

/** A QR code, dark on light in both colour schemes, since readers expect that. */
export function QrCode({ text, label }: QrCodeProps) {
  const { path, size } = useMemo(() => pathOf(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      width={220}
      height={220}
      shapeRendering="crispEdges"
      style={{ alignSelf: 'center', borderRadius: 8 }}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function pathOf(text: string): { readonly path: string; readonly size: number } {
  const grid = qrGrid(text);
  const parts: string[] = [];
  for (let y = 0; y < grid.size; y += 1) {
    for (let x = 0; x < grid.size; x += 1) {
      if (grid.get(x, y) === true) parts.push(`M${x + BORDER},${y + BORDER}h1v1h-1z`);
    }
  }
  return { path: parts.join(''), size: grid.size + 2 * BORDER };
}
