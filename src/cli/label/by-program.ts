import { scoringOf, type Scoring } from '../../audits/qualities.ts'
import type { Mark } from '../../audits/record.ts'
import { readReferences } from '../../audits/references.ts'
import { noTally, scoreAnswers, type ScoreTally } from '../../audits/score-answers.ts'
import { SpillwayError } from '../../core/errors.ts'
import { withInterrupt } from '../interrupt.ts'
import type { LabelFlags, LabelWork } from './label.ts'

/** So many marks are written at once; those of the user's module one by one, since each may have been paid for. */
const AT_ONCE = 256

interface NamedScoring extends Scoring {
  spec: string
}

/** @throws SpillwayError where there is no such scorer, or the references cannot be read */
export const scoringFor = async (spec: string, references: string | undefined): Promise<NamedScoring> => ({
  spec,
  ...(await scoringOf(spec, references === undefined ? new Map() : await readReferences(references))),
})

/** Marks the answers of a log with a scorer. */
export async function byProgram(
  { records, sample: { ids, of }, marks, say }: LabelWork,
  { spec, quality, own }: NamedScoring,
  { references, all = false, limit, seed, json }: LabelFlags,
): Promise<void> {
  const tally = noTally()
  const interrupted = await withInterrupt(async (signal) => {
    const only = limit === undefined ? undefined : new Set(ids)
    const now = () => new Date()
    const options = { quality, spec, marks, all, only, now, signal }
    let waiting: Mark[] = []
    const write = async () => {
      if (waiting.length > 0) await marks.append(waiting)
      waiting = []
    }
    try {
      for await (const mark of scoreAnswers(records(), options, tally)) {
        waiting.push(mark)
        if (own || waiting.length === AT_ONCE) await write()
      }
    } finally {
      await write()
    }
    return signal.aborted
  })
  if (limit !== undefined) say(`a sample of ${Math.min(limit, of)} of ${of} requests, seed ${seed}`)
  if (!interrupted && tally.marked + tally.before === 0) throw nothingRight(tally, references)
  say(`${answers(tally.marked)} marked by ${spec}${means(tally)}: ${marks.path}`)
  if (tally.before > 0) say(`${answers(tally.before)} had a quality already; --all marks them again`)
  if (tally.without > 0)
    say(`${answers(tally.without)} had nothing to be held against; --references FILE says what is right`)
  if (interrupted) say('interrupted; the same command goes on from here')
  if (json === true) process.stdout.write(`${JSON.stringify(jsonOf(tally, marks.path))}\n`)
  if (interrupted) process.exitCode = 130
}

const answers = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'answer' : 'answers'}`

const nothingRight = ({ without }: ScoreTally, references: string | undefined): SpillwayError =>
  new SpillwayError(
    'bad-input',
    references === undefined
      ? `none of ${answers(without)} comes with what is right: name a file of {"id": …, "gold": …} with --references, take --scorer agreement, or mark by hand without --scorer`
      : `${references} has none of the requests whose answers are to be marked; its ids are those of the audit log`,
  )

function means({ sums }: ScoreTally): string {
  const told = Object.entries(sums).flatMap(([role, { count, quality }]) =>
    count === 0 ? [] : [`${role} ${(quality / count).toFixed(3)}`],
  )
  return told.length === 0 ? '' : ` (mean quality: ${told.join(', ')})`
}

function jsonOf({ marked, before, without, sums }: ScoreTally, path: string) {
  const mean = ({ count, quality }: ScoreTally['sums']['small']) => (count === 0 ? null : quality / count)
  return {
    marks: path,
    marked,
    marked_before: before,
    without_reference: without,
    mean_quality: { small: mean(sums.small), large: mean(sums.large) },
  }
}
