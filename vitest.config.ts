import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  cacheDir: '.cache/vite',
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is polled for comes, however busy the machine is.
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: availableParallelism(),
    // A test that was singled out by hand would silence all others.
    allowOnly: false,
  },
});
