import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The command line and the package's own exports are tested as built.
    globalSetup: ['test/support/build.ts'],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Many tests wait for commands in processes of their own: one worker on two cores leaves one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
})
