/** Draws docs/images/cost-quality.svg, the README's picture, from the shipped outcomes of the tiny pair. */
import { fileURLToPath } from 'node:url'
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { qualityOverCost, type Curve } from '../src/core/sweep/curve.ts'
import { sweep } from '../src/core/sweep.ts'
import { readOutcomes } from '../src/data/read-outcomes.ts'
import { writeFileWhole } from '../src/data/write.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const outcomes = await readOutcomes(here('../examples/tiny-pair/outcomes.jsonl'))
const { signals: all, oracle } = sweep(outcomes)
const names = ['min_logprob', 'mean_logprob', 'max_entropy', 'length']
const signals = names.map((name) => all.find(({ signal }) => signal === name)!)

const line = (name: string, curve: Curve) => {
  const { x, y } = qualityOverCost(curve)
  return Array.from(x, (cost, i) => ({ name, cost, quality: y[i] }))
}
const ends = line('', oracle).filter((_, i) => i === 0 || i === oracle.length - 1)
const [left, right] = ends
const top = Math.max(...line('', oracle).map(({ quality }) => quality))
/** A place in the picture, from shares of the two axes. */
const place = (x: number, y: number) => ({
  x: left.cost + x * (right.cost - left.cost),
  y: left.quality + y * (top - left.quality),
})
const shown = signals.map(({ signal, curve }) => line(signal, curve))
// Okabe and Ito's palette, told apart with any colour vision.
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00']

const { document } = parseHTML('<html><body></body></html>')
const figure = Plot.plot({
  document: document as never, // linkedom's document, where the browser's is meant
  width: 760,
  height: 400,
  marginRight: 130,
  marginLeft: 55,
  style: { fontFamily: 'system-ui, sans-serif', fontSize: '12px', background: 'white', color: '#222' },
  x: { label: 'mean cost per query (small 1, large 10) →', grid: true },
  y: { label: '↑ share of right answers', grid: true, domain: [left.quality - 0.02, top + 0.02] },
  color: { domain: signals.map(({ signal }) => signal), range: colors },
  marks: [
    Plot.line(ends, { x: 'cost', y: 'quality', stroke: '#888', strokeDasharray: '4 4' }),
    Plot.line(line('oracle', oracle), { x: 'cost', y: 'quality', stroke: '#888' }),
    ...shown.map((points) => Plot.line(points, { x: 'cost', y: 'quality', stroke: 'name', strokeWidth: 1.8 })),
    Plot.text(
      [
        { ...place(0.75, 1.04), text: 'oracle' },
        { ...place(0.45, 0.16), text: 'random routing' },
      ],
      { x: 'x', y: 'y', text: 'text', fill: '#666' },
    ),
    Plot.text(ends, {
      x: 'cost',
      y: 'quality',
      text: (_, i) => (i === 0 ? 'keep all' : 'escalate all'),
      dy: 14,
      dx: 6,
      textAnchor: 'start',
    }),
    Plot.dot(ends, { x: 'cost', y: 'quality', fill: '#222', r: 3.5 }),
    Plot.text(
      signals.map(({ signal }, i) => ({ signal, ...place(0.72, 0.3 - i * 0.07) })),
      { x: 'x', y: 'y', text: 'signal', fill: 'signal', textAnchor: 'start', fontWeight: 'bold' },
    ),
    Plot.text([place(0.72, 0)], {
      x: 'x',
      y: 'y',
      text: () => 'the shipped tiny pair, 1,000 questions',
      fill: '#666',
      textAnchor: 'start',
      fontStyle: 'italic',
    }),
  ],
})
figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
await writeFileWhole(here('../docs/images/cost-quality.svg'), [figure.outerHTML, '\n'])
