import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The command line and the package's own exports are tested as built.
    globalSetup: ['test/support/build.ts'],
    testTimeout: 30_000,
  },
})
