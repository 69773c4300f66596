import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { inFolder } from '../../support/files.ts'
import { parquet } from '../../support/parquet.ts'

const library = resolve('dist/data/index.js')

/** A program that has DuckDB open, until it gets a signal; what became of it, and of its folder meanwhile. */
async function signalled(signal: NodeJS.Signals, listener = '') {
  const [path, tmp] = [
    await parquet([{ perf_slm: 1, perf_llm: 1, avg_logp: -1 }]),
    inFolder(`tmp-${signal}-${listener.length}`),
  ]
  mkdirSync(tmp)
  const program = `
    import { openDuckDb } from ${JSON.stringify(library)}
    import { readdirSync } from 'node:fs'
    const { close } = await openDuckDb(${JSON.stringify(path)})
    const timer = setInterval(() => {}, 1000)
    ${listener}
    console.log('open')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, TMPDIR: tmp },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '') child.kill(signal)
    said += text
  })
  const [code, by] = (await once(child, 'close')) as [number | null, string | null]
  return { code, by, said, left: readdirSync(tmp) }
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends a program as ever, and its folder goes', async (signal) =>
  expect(await signalled(signal)).toEqual({ code: null, by: signal, said: 'open\n', left: [] }),
)

test('a program that hears the signal itself keeps its folder until it closes DuckDB', async () => {
  const listener = `process.on('SIGTERM', async () => {
    const before = readdirSync(process.env.TMPDIR).length
    await close()
    console.log(before, process.listenerCount('SIGTERM'))
    clearInterval(timer)
  })`
  expect(await signalled('SIGTERM', listener)).toEqual({ code: 0, by: null, said: 'open\n1 1\n', left: [] })
})
