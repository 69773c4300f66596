import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds `dist` once before the tests, from the sources they run against. */
export default function build(): void {
  // `npm run check` has just built it, for publint.
  if (process.env.npm_lifecycle_event === 'check') return
  const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
  const root = fileURLToPath(new URL('../..', import.meta.url))
  for (const args of [[tsc, '-p', 'tsconfig.build.json'], ['tools/bundle.js']])
    execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
}
