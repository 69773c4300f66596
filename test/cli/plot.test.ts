import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { figureNames } from '../../src/report/charts/names.ts'
import { mainPath, spillway } from '../support/cli.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import { tinyPair } from '../support/tiny-pair.ts'

const rows = Array.from({ length: 80 }, (_, i) => ({
  id: `q${i}`,
  perf_slm: Number(i % 3 !== 0 || i > 60),
  perf_llm: Number(i % 11 !== 0),
  avg_logp: -((i * 37) % 80) / 50,
  avg_entropy_nats: ((i * 37) % 80) / 40 + (i % 7) / 10,
  doubt: i % 5,
}))
const data = jsonl(...rows)
/** A busy machine takes its time to start as many processes. */
vi.setConfig({ testTimeout: 120_000 })
const fast = ['--resamples', '50', '--quiet']
const plot = (...args: string[]) => spillway(['plot', ...args])

describe('spillway plot', () => {
  test('writes the figure, and says so', async () => {
    const out = inFolder('cost.svg')
    const { code, stdout, stderr } = await plot(
      `${tinyPair}/outcomes.jsonl`,
      '--figure',
      'cost-quality',
      '--out',
      out,
      '--resamples',
      '20',
    )
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain(`wrote ${out}\n`)
    expect(readFileSync(out, 'utf8')).toMatch(/^<svg width="5in" height="3.2in"/)
  })

  test.each(figureNames)('draws %s', async (figure) => {
    const out = inFolder(`${figure}.svg`)
    const costs = ['--cost', 'small=1,large=20']
    const run = await plot(file('a.jsonl', data), '--figure', figure, '--out', out, ...costs, ...fast)
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(readFileSync(out, 'utf8')).not.toContain('<text')
  })

  test('writes PNG and PDF of the size asked for, whatever the case of the name', async () => {
    const path = file('b.jsonl', data)
    const [png, pdf] = [inFolder('b.PNG'), inFolder('b.pdf')]
    const size = ['--size', '3.3x2.4', '--dpi', '100']
    const runs = await Promise.all(
      [png, pdf].map((out) => plot(path, '--figure', 'signal', '--out', out, ...size, ...fast)),
    )
    expect(runs.map(({ code }) => code)).toEqual([0, 0])
    const bytes = readFileSync(png)
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([330, 240])
    expect(readFileSync(pdf, 'latin1')).toContain('/MediaBox [0 0 237.6 172.8]')
  })

  test.each([
    ['the other signal', ['--signal', 'mean_logprob']],
    ['another threshold', ['--threshold', '0.9']],
    ['a column that is made a signal', ['--signal', 'doubt:lower', '--signal', 'doubt']],
  ])('shows %s, where that is asked for', async (_, args) => {
    const [best, asked] = [inFolder('best.svg'), inFolder('asked.svg')]
    const path = file('c.jsonl', data)
    for (const [out, more] of [
      [best, []],
      [asked, args],
    ] as const) {
      const run = await plot(path, '--figure', 'threshold', '--out', out, ...more, ...fast)
      expect(run).toEqual({ code: 0, stdout: '', stderr: '' })
    }
    expect(readFileSync(asked, 'utf8')).not.toBe(readFileSync(best, 'utf8'))
  })

  test.each([
    [
      'an unknown figure',
      ['--figure', 'roc', '--out', 'x.svg'],
      /'roc' is invalid\. Allowed choices are cost-quality, /,
    ],
    ['no figure', ['--out', 'x.svg'], /required option '--figure <name>' not specified/],
    ['no file', ['--figure', 'ibc'], /required option '--out <file>' not specified/],
    [
      'an unknown signal',
      ['--figure', 'ibc', '--out', 'x.svg', '--signal', 'margin'],
      /^spillway: no signal margin; the data have: mean_logprob, mean_entropy$/m,
    ],
    [
      'two signals',
      ['--figure', 'ibc', '--out', 'x.svg', '--signal', 'a', '--signal', 'b'],
      /A figure shows one signal, and a is named already\./,
    ],
    [
      'an unknown extension',
      ['--figure', 'ibc', '--out', 'x.jpg'],
      /^spillway: --out x\.jpg: a figure is written as \.svg, \.png or \.pdf; end the name so$/m,
    ],
    ['a bad size', ['--figure', 'ibc', '--out', 'x.svg', '--size', '3.3'], /Expected inches such as 3\.3x2\.4/],
    ['a tiny size', ['--figure', 'ibc', '--out', 'x.svg', '--size', '1x1'], /at least 3 wide and 2 high, at most 40\./],
    ['a size of points', ['--figure', 'ibc', '--out', 'x.svg', '--size', '240x180'], /at most 40\./],
    [
      'a bad resolution',
      ['--figure', 'ibc', '--out', 'x.png', '--dpi', '0'],
      /Expected a whole number of dots per inch/,
    ],
    [
      'too many dots',
      ['--figure', 'ibc', '--out', 'x.png', '--size', '40x40', '--dpi', '2400'],
      /^spillway: --size 40x40 at 2400 dots per inch is 9216 million dots; at most 100 million: lower --dpi, or write/m,
    ],
    ['a bad threshold', ['--figure', 'ibc', '--out', 'x.svg', '--threshold', 'low'], /Expected a number\./],
  ])('refuses %s, with exit code 2', async (_, args, message) => {
    const { code, stdout, stderr } = await plot(file('d.jsonl', data), ...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(existsSync('x.svg')).toBe(false)
  })

  test('never writes over what it reads', async () => {
    const path = file('e.svg', data)
    const { code, stderr } = await plot(path, '--figure', 'ibc', '--out', path)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `spillway: ${path} is read, or written, already: it would be written over\n`,
    })
    expect(readFileSync(path, 'utf8')).toBe(data)
  })

  test('says which packages a PDF needs where they are absent', () => {
    const path = file('f.jsonl', data)
    // Stands in for an installation without the optional packages.
    const hooks = file(
      'without-pdf.mjs',
      `export async function resolve(name, context, next) {
         if (name === 'pdfkit') throw Object.assign(new Error('absent'), { code: 'ERR_MODULE_NOT_FOUND' })
         return next(name, context)
       }`,
    )
    const register = file(
      'register.mjs',
      `import { register } from 'node:module'
       register(${JSON.stringify(`file://${hooks}`)})`,
    )
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        `file://${register}`,
        mainPath,
        'plot',
        path,
        '--figure',
        'ibc',
        '--out',
        inFolder('f.pdf'),
        ...fast,
      ],
      { encoding: 'utf8' },
    )
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'spillway: PDF needs two more packages: npm install pdfkit svg-to-pdfkit\n',
    })
    expect(existsSync(inFolder('f.pdf'))).toBe(false)
  })
})
