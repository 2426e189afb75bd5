import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { operationPaths } from './operation-paths.ts';

/** Where a cloud runs whose API `vite` (the development server) passes requests to. */
const API = process.env.CHAMBER_API_URL ?? 'http://127.0.0.1:8080';
/** The cloud takes changes from its own pages only, and this is one of them. */
const passOn = { target: API, headers: { origin: API } };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), operationPaths()],
  build: {
    outDir: 'dist',
    target: 'es2023',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
  },
  server: { proxy: { '/v1': passOn, '/oauth': passOn, '/readyz': passOn, '/metrics': passOn } },
});
