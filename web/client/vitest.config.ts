import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/{*,seed/*}.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two gateways at a time are enough for the machine of a clinic, and for CI.
    maxWorkers: 2,
  },
});
