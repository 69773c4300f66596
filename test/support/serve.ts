import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import type { DecisionRecord } from '../../src/cascade/record.ts'
import { keepWhen, type Policy } from '../../src/core/policy/policy.ts'
import { clientOf, type Client } from './client.ts'
import { inFolder } from './files.ts'
import { start, type Running } from './process.ts'

/** What a configuration says beside the usual. */
export interface ServeScene {
  /** Base URLs. */
  small?: string
  large?: string
  /** Further fields of the models' entries. */
  smallEntry?: object
  largeEntry?: object
  serve?: object
  policy?: Policy | string
  env?: Record<string, string>
  args?: string[]
}

/** A folder with a configuration and what belongs to it. */
export interface ServeFolder {
  path: string
  config: string
  /** Writes a file there. */
  write: (name: string, content: string) => string
  /** The lines of the decision log, of the oldest file first. */
  lines: () => DecisionRecord[]
  logFiles: () => string[]
}

export interface Serving extends Client, ServeFolder {
  origin: string
  process: Running
  /** Asks it to end, and waits until it has. */
  stop: (signal?: NodeJS.Signals) => Running['ended']
}

/** A process of its own takes its time on a busy machine. */
export const soon = { timeout: 20_000 }

/** Nobody listens there. */
const NOBODY = 'http://127.0.0.1:9/v1'
export const sureEnough: Policy = keepWhen([{ signal: 'mean_logprob', atLeast: -1 }])

/** The usual configuration: two models behind HTTP, one cascade. */
export const configOf = ({ small, large, smallEntry, largeEntry, serve }: ServeScene): object => ({
  small: { model: 'small-model', url: small ?? NOBODY, price: { input: 1, output: 2 }, ...smallEntry },
  large: { model: 'large-model', url: large ?? NOBODY, price: { input: 10, output: 20 }, ...largeEntry },
  serve: { policy: 'policy.json', log: { folder: 'decisions' }, ...serve },
})

let folders = 0

/** Writes a configuration, as an object or as its text, and its policy. */
export function serveFolder(scene: ServeScene, config: object | string = configOf(scene)): ServeFolder {
  const path = inFolder(`serve-${folders++}`)
  mkdirSync(path)
  const write = (name: string, content: string) => {
    writeFileSync(join(path, name), content)
    return join(path, name)
  }
  const { policy = sureEnough } = scene
  write('policy.json', typeof policy === 'string' ? policy : JSON.stringify(policy))
  const log = join(path, 'decisions')
  const logFiles = () =>
    (existsSync(log) ? readdirSync(log) : [])
      .filter((name) => name.endsWith('.jsonl'))
      // The one without a time is the newest.
      .toSorted((a, b) => Number(a === 'decisions.jsonl') - Number(b === 'decisions.jsonl') || (a < b ? -1 : 1))
      .map((name) => join(log, name))
  return {
    path,
    config: write('spillway.yaml', typeof config === 'string' ? config : stringify(config)),
    write,
    logFiles,
    lines: () =>
      logFiles().flatMap((name) =>
        readFileSync(name, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as DecisionRecord),
      ),
  }
}

/** The built `spillway serve` at a free port; it goes with the test. */
export async function startServe(scene: ServeScene, folder = serveFolder(scene)): Promise<Serving> {
  const { env = {}, args = ['--config', folder.config] } = scene
  const process = start(['serve', '--port', '0', ...args], { env, cwd: folder.path })
  onTestFinished(async () => {
    process.child.kill('SIGKILL')
    await process.ended
  })
  const origin = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const found = /^listening at (\S+);/m.exec(process.stderr())
      if (found !== null) resolve(found[1])
    }
    process.child.stderr?.on('data', look)
    void process.ended.then(({ code, stderr }) => reject(new Error(`it ended with code ${code}: ${stderr}`)), reject)
  })
  const stop: Serving['stop'] = (signal = 'SIGTERM') => {
    process.child.kill(signal)
    return process.ended
  }
  return { ...folder, ...clientOf(origin), origin, process, stop }
}
