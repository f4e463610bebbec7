import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    dir: 'test',
    include: ['**/*.test.ts'],
    // Files of one worker share modules: they change nothing that is global, or put it back.
    isolate: false,
    // For what hangs: how fast the machine is decides nothing.
    testTimeout: 300_000,
    hookTimeout: 600_000,
    maxWorkers: 3,
    reporters: ['default', './test/closing-line.ts'],
  },
});
