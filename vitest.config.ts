import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** These hold nothing between tests, so that files share what they import: half a minute less. */
const PURE = ['test/core/**/*.test.ts', 'test/report/charts/**/*.test.ts']

export default defineConfig({
  test: {
    setupFiles: ['test/support/property-seed.ts', 'test/support/clear-files.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Many tests wait for commands in processes of their own: one worker on two cores leaves one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { extends: true, test: { name: 'core', include: PURE, isolate: false } },
      {
        extends: true,
        test: {
          name: 'all else',
          include: ['test/**/*.test.ts'],
          exclude: PURE,
          // The command line and the package's own exports are tested as built.
          globalSetup: ['test/support/build.ts'],
        },
      },
    ],
  },
})
