import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { importScorer } from '../../src/scoring/import-scorer.ts'
import { file } from '../support/files.ts'

const typed = 'enum Grade { Half = 0.5 }\nexport default (answer: string): number => (answer ? Grade.Half : 0)\n'

/** A Node that knows no TypeScript. */
const native = () => Promise.reject(Object.assign(new TypeError('.ts'), { code: 'ERR_UNKNOWN_FILE_EXTENSION' }))
const jiti = () => import('jiti')

test('TypeScript that Node cannot import comes in through jiti', async () => {
  const score = await importScorer(file('typed.ts', typed), '/', { native, jiti })
  expect(score('x', ['x'], {})).toBe(0.5)
})

test('a function comes in through jiti however it is exported', async () => {
  const sources = [
    'export const score = () => 0.5',
    'export default { score: () => 0.5 }',
    'module.exports = () => 0.5',
  ]
  for (const [i, source] of sources.entries()) {
    const score = await importScorer(file(`way-${i}.ts`, source), '/', { native, jiti })
    expect(score('x', ['x'], {})).toBe(0.5)
  }
})

test('without jiti one sentence says what to install', async () => {
  const absent = () => Promise.reject(new Error("Cannot find package 'jiti'"))
  await expect(importScorer(file('typed.ts', typed), '/', { native, jiti: absent })).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/cannot import this TypeScript; npm install jiti, or give a \.js module$/),
  })
})

test('a TypeScript module that throws is refused as any other', async () => {
  const path = file('throws.ts', 'throw new Error("no key" as string)')
  await expect(importScorer(path, '/', { native, jiti })).rejects.toMatchObject({
    code: 'usage',
    message: `scorer ${path} cannot be imported: no key; mend the module`,
  })
})

test('the running Node imports .ts, CommonJS and .mjs as built', () => {
  const paths = [
    file('plain.ts', 'export default (answer: string): number => answer.length / 2'),
    file('syntax.ts', typed),
    file('common.cjs', 'module.exports = () => 0.5'),
    file('named.cjs', 'exports.score = () => 0.5'),
    file('module.mjs', 'export default () => 0.5'),
  ]
  const built = new URL('../../dist/scoring/load-scorer.js', import.meta.url).href
  const program = `
    const { loadScorer } = await import(${JSON.stringify(built)})
    for (const path of ${JSON.stringify(paths)}) console.log(await (await loadScorer(path))('x', ['x'], {}))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  expect(output.trim().split('\n')).toEqual(paths.map(() => '0.5'))
})
