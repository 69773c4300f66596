import { spawn, type ChildProcess } from 'node:child_process'
import { mainPath, type Run } from './cli.ts'

export interface Running {
  child: ChildProcess
  /** What standard error holds so far. */
  stderr: () => string
  ended: Promise<Run & { signal: NodeJS.Signals | null }>
}

interface Place {
  env?: Record<string, string | undefined>
  cwd?: string
}

/** Starts the built command, to be watched and killed while it runs. */
export const start = (args: readonly string[], place?: Place): Running => startNode([mainPath, ...args], place)

function startNode(args: readonly string[], { env = {}, cwd }: Place = {}): Running {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Run & { signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { child, stderr: () => stderr, ended }
}

/** Runs the built command to its end, with other variables in its environment. */
export const run = (args: readonly string[], env: Record<string, string | undefined> = {}) => start(args, { env }).ended

/** Runs any other script to its end. */
export const runNode = (args: readonly string[], cwd: string) => startNode(args, { cwd }).ended
