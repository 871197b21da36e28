import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

import { budget } from './budget.ts';

/** The gateway that `npm run dev` asks: the demo, started by `make run`. */
const gateway = process.env.CARESYNC_GATEWAY ?? 'http://127.0.0.1:3000';

// The gateway admits pages of its own origin only, so what a page in development asks looks like one.
const asOwn = { target: gateway, changeOrigin: true, ws: true, headers: { origin: gateway } };

export default defineConfig({
  plugins: [react(), budget()],
  // The gateway puts a fresh nonce in this place of each page that it serves.
  html: { cspNonce: '%CSP_NONCE%' },
  // The client package has packages of its own to be tested with; a page has one of each.
  resolve: { dedupe: ['react', 'react-dom', '@tanstack/react-query', 'zustand', 'immer'] },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    // A picture inlined as a `data:` address would be the only reason to allow those.
    assetsInlineLimit: 0,
    sourcemap: false,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': asOwn, '/ws': asOwn } },
  test: { environment: 'happy-dom', include: ['tests/unit/*.test.{ts,tsx}'] },
});
