import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const mainPath = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

export interface Run {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs the built command as a user would, in a process of its own. */
export function spillway(args: readonly string[], input?: string | Uint8Array): Promise<Run> {
  const child = spawn(process.execPath, [mainPath, ...args], {
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.on('error', () => {}) // a command that refuses its arguments does not read
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
