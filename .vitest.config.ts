import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/long-first.ts';

export default defineConfig({
  test: {
    dir: 'test',
    include: ['**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // Files of one worker share modules: they change nothing that is global, or put it back.
    isolate: false,
    // Programs of ours and the CDK command line are started often: what Node has compiled of them is kept.
    env: { NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/node-compile-cache') },
    // Young objects have more room than by default, as generated cases make many: fewer collections of garbage.
    execArgv: ['--max-semi-space-size=64'],
    // For what hangs: how fast the machine is decides nothing.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // For what a real server shows late.
    expect: { poll: { timeout: 120_000, interval: 100 } },
    // More than processors: many tests wait for real servers.
    maxWorkers: availableParallelism() + 3,
    sequence: { sequencer: LongFirst },
    reporters: ['default', './test/closing-line.ts'],
  },
});
