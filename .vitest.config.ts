import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    dir: 'test',
    include: ['**/*.test.ts'],
    // Real servers start within seconds, on a busy machine within more.
    testTimeout: 60_000,
    hookTimeout: 300_000,
    maxWorkers: 3,
    reporters: ['default', './test/closing-line.ts'],
  },
});
