import type { FigureData } from '../../figures/figure-data.ts'
import { element, refill } from '../dom/element.ts'
import type { Store } from '../dom/store.ts'
import { asCount, asRatio, shortThreshold } from '../model/format.ts'
import { sortExamples, type Routed } from '../model/near-examples.ts'
import { paragraph, section } from './section.ts'

/** How long the threshold rests before other rows are looked for, milliseconds: nobody reads them in passing. */
const REST = 80
/** Longer texts are folded. */
const FOLD_CHARACTERS = 220

/** Rows nearest to the threshold on both sides, and the worst mistakes of the chosen policy; no rows kept: no section. */
export function examplesSection({ signals, about, examples }: FigureData, store: Store): HTMLElement | undefined {
  if (examples === undefined) return undefined
  const near = element('div', { class: 'pair' })
  const mistakes = element('div', { class: 'pair' })
  const show = () => {
    const { signal, stop } = store.get()
    const figure = signals[signal]
    const sorted = sortExamples(examples, signal, figure, stop, about.wrongBelow)
    const { counts } = sorted
    // A sample has more of the worst mistakes than its share.
    const of = (count: number, all: number) =>
      all === 0 || examples.sampled ? '' : ` (${asCount(count)} of ${asCount(all)})`
    const column = (title: string, list: Routed[]) => examplesColumn(title, list, figure.signal)
    refill(near, column('Just kept', sorted.justKept), column('Just escalated', sorted.justEscalated))
    refill(
      mistakes,
      column(`Kept, but wrong${of(counts.keptWrong, counts.kept)}`, sorted.keptWrong),
      column(`Escalated in vain${of(counts.escalatedInVain, counts.escalated)}`, sorted.escalatedInVain),
    )
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  show()
  store.follow(() => {
    clearTimeout(timer)
    timer = setTimeout(show, REST)
  })
  const whole = examples.sampled
    ? `From ${asCount(examples.list.length)} of ${asCount(examples.rows)} queries: a sample, and the worst mistakes of every signal.`
    : undefined
  return section(
    'examples',
    'Examples',
    whole === undefined ? undefined : paragraph(whole, 'soft'),
    element('h3', {}, 'Nearest to the threshold'),
    near,
    element('h3', {}, 'The worst mistakes'),
    paragraph(
      'Kept, but wrong: the most quality that escalating would have gained. Escalated in vain: the large model’s answer is no better.',
      'soft small',
    ),
    mistakes,
  )
}

const examplesColumn = (title: string, list: readonly Routed[], signal: string): HTMLElement =>
  element(
    'div',
    {},
    element('h4', {}, title),
    list.length === 0 ? paragraph('None.', 'soft') : undefined,
    ...list.map((routed) => card(routed, signal)),
  )

function card({ example, value }: Routed, signal: string): HTMLElement {
  const { id, question, gold, small, large, qualitySmall, qualityLarge } = example
  const label = `${signal} ${value === null ? 'missing' : shortThreshold(value)}`
  return element(
    'article',
    { class: 'example' },
    element(
      'p',
      { class: 'example-head' },
      element('span', { class: 'number' }, label),
      id !== undefined && element('span', { class: 'mono id' }, id),
    ),
    question === undefined ? undefined : text('question', question),
    gold === undefined ? undefined : said('gold', undefined, gold),
    said('small', qualitySmall, small),
    said('large', qualityLarge, large),
  )
}

/** Whose words these are, the words, and how good they are. */
const said = (whose: string, quality: number | undefined, words: string | undefined): HTMLElement =>
  element(
    'div',
    { class: 'answer' },
    element('span', { class: 'soft' }, whose),
    words === undefined ? element('span', { class: 'soft' }, '–') : text(whose, words),
    quality === undefined ? undefined : element('span', { class: 'number soft right' }, asRatio(quality)),
  )

/** A text of the data, as text; a long one opens on demand. */
function text(kind: string, words: string): HTMLElement {
  if (words.length <= FOLD_CHARACTERS) return element('span', { class: `text ${kind}` }, words)
  return element(
    'details',
    { class: `text ${kind}` },
    element(
      'summary',
      {},
      element('span', { class: 'more' }, `${head(words)} `, element('b', {}, '… more')),
      element('span', { class: 'less' }, 'less'),
    ),
    words,
  )
}

/** The beginning of a long text, no character of which is torn apart. */
const head = (words: string): string =>
  words
    .slice(0, FOLD_CHARACTERS - 40)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()
