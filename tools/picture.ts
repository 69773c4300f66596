/** Draws docs/images/cost-quality.svg, the README's picture, from the shipped simulated outcomes. */
import { fileURLToPath } from 'node:url'
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { qualityOverCost, type Curve } from '../src/core/sweep/curve.ts'
import { sweep } from '../src/core/sweep.ts'
import { readOutcomes } from '../src/data/read-outcomes.ts'
import { writeFileWhole } from '../src/data/write.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const outcomes = await readOutcomes(here('../examples/simulated-outcomes.jsonl'))
const { signals, oracle } = sweep(outcomes, { costs: { small: 1, large: 20 } })

const line = (name: string, curve: Curve) => {
  const { x, y } = qualityOverCost(curve)
  return Array.from(x, (cost, i) => ({ name, cost, quality: y[i] }))
}
const ends = line('', oracle).filter((_, i) => i === 0 || i === oracle.length - 1)
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
  x: { label: 'mean cost per query (small 1, large 20) →', grid: true },
  y: { label: '↑ mean quality', grid: true, domain: [0.57, 0.91] },
  color: { domain: signals.map(({ signal }) => signal), range: colors },
  marks: [
    Plot.line(ends, { x: 'cost', y: 'quality', stroke: '#888', strokeDasharray: '4 4' }),
    Plot.line(line('oracle', oracle), { x: 'cost', y: 'quality', stroke: '#888' }),
    ...shown.map((points) => Plot.line(points, { x: 'cost', y: 'quality', stroke: 'name', strokeWidth: 1.8 })),
    Plot.text(
      [
        { x: 15.5, y: 0.905, text: 'oracle' },
        { x: 10.6, y: 0.69, text: 'random routing' },
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
      signals.map(({ signal }, i) => ({ signal, y: 0.73 - i * 0.023 })),
      { x: () => 16.2, y: 'y', text: 'signal', fill: 'signal', textAnchor: 'start', fontWeight: 'bold' },
    ),
    Plot.text([{}], {
      x: () => 16.2,
      y: () => 0.6,
      text: () => 'simulated outcomes',
      fill: '#666',
      textAnchor: 'start',
      fontStyle: 'italic',
    }),
  ],
})
figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
await writeFileWhole(here('../docs/images/cost-quality.svg'), [figure.outerHTML, '\n'])
