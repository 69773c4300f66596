import { Command } from 'commander'
import type { CallResult } from '../collect/call.ts'
import { collect } from '../collect/collect.ts'
import { openJournal, type Journal } from '../collect/journal.ts'
import { outcomeRows } from '../collect/outcome-row.ts'
import { planner, type Setup } from '../collect/plan.ts'
import { qualityOf } from '../collect/quality.ts'
import { readQuestions, type Question } from '../collect/question.ts'
import { SpillwayError } from '../core/errors.ts'
import { signalParts } from '../core/signals/signals.ts'
import { lintOutcomes } from '../data/read-outcomes.ts'
import { writeFileWhole } from '../data/write.ts'
import { isOwnScorer, loadScorer } from '../scoring/load-scorer.ts'
import type { Score } from '../scoring/score.ts'
import { withCollectFlags, type CollectFlags } from './collect-flags.ts'
import { collectModels } from './collect-models.ts'
import { checkOut } from './collect-out.ts'
import { collectProgress } from './collect-progress.ts'
import { collectedJson, counted, emptyTally, report } from './collect-report.ts'
import { collectSettings } from './collect-settings.ts'
import { refuseSamePaths } from './files.ts'
import { withInterrupt } from './interrupt.ts'
import { routeWords } from './report-flags.ts'
import { writeReport } from './write-report.ts'

/** `spillway collect`: from questions to outcomes. */
export const collectCommand = (): Command =>
  withCollectFlags(new Command('collect'))
    .summary('ask both models every question, score, and record signals')
    .description('Ask both models every question, score the answers, and record the small model’s signals.')
    .action(run)

async function run(file: string | undefined, flags: CollectFlags): Promise<void> {
  const settings = await collectSettings(file, flags)
  refuseSamePaths([settings.questions, settings.out, settings.journal], [flags.report])
  await checkOut(settings)
  process.stderr.off('error', ignore).on('error', ignore)
  const say = (text: string) => flags.quiet !== true && process.stderr.write(`${text}\n`)
  const score = await loadScorer(settings.scorer)
  const opened = await collectModels(settings, say)
  const { setup, prices, concurrency, close } = opened
  const questions = () => readQuestions(settings.questions, { map: settings.map, limit: settings.limit })
  let journal: Journal | undefined
  try {
    const total = await check(questions(), setup, isOwnScorer(settings.scorer) ? undefined : score)
    journal = await openJournal(settings.journal)
    const known = journal
    const progress = collectProgress(total, process.stderr, flags.quiet)
    const result = await withInterrupt(async (signal) => {
      try {
        return await collect({
          questions,
          setup,
          prices,
          concurrency,
          journal: known,
          ask: opened.ask,
          maxCost: settings.maxCost,
          signal,
          onProgress: (progressed) => progress.show(progressed),
          onFirst: async (question, small, large) => {
            tellSignals(small, setup, say)
            for (const { answer } of [small, large]) await qualityOf(answer, question, score)
          },
        })
      } finally {
        progress.clear()
      }
    })
    const tally = emptyTally()
    if (result.finished + result.failed > 0) {
      const rows = outcomeRows({ questions: questions(), setup, journal, prices, score })
      await writeFileWhole(settings.out, counted(rows, tally, settings))
    }
    report(result, tally, total, settings, say)
    if (flags.json === true) process.stdout.write(collectedJson(result, tally, total, settings))
    if (flags.report !== undefined && tally.finished > 0 && result.stopped !== 'aborted')
      await reportOn(settings.out, flags.report, flags.quiet)
    if (result.stopped === 'aborted') process.exitCode = 130
    else if (tally.failed > 0) process.exitCode = 2
  } finally {
    try {
      journal?.close()
    } finally {
      await close()
    }
  }
}

/** A page about the outcomes as they were written: what anyone who reads the file would see. */
async function reportOn(outcomesFile: string, out: string, quiet: boolean | undefined): Promise<void> {
  const { outcomes, findings } = await lintOutcomes(outcomesFile, { texts: true })
  const files = [outcomesFile]
  await writeReport(outcomes, findings, { out, files, route: routeWords(files), quiet })
}

/** That nobody reads what is said is no reason to end what is paid for. */
const ignore = () => {}

/**
 * Reads every question once before the first is paid for, lays out its calls, and holds its right answers against the
 * scorer, so that a mistake shows now.
 */
async function check(questions: AsyncIterable<Question>, setup: Setup, score: Score | undefined): Promise<number> {
  const plan = planner(setup)
  let total = 0
  for await (const question of questions) {
    plan(question).verifications('')
    if (score !== undefined) await qualityOf('', question, score)
    total += 1
  }
  return total
}

/**
 * Says what the small model tells about its tokens.
 * @throws SpillwayError `usage` where that is nothing and no verification is asked for: there would be no signal
 */
function tellSignals(small: CallResult, setup: Setup, say: (text: string) => void): void {
  const { model, answer, signals = {}, top_k: k } = small
  if (answer === '') {
    say(
      `the first answers of the small model, ${model}, are empty; one that thinks before it answers needs more --max-tokens`,
    )
    return
  }
  // Of an answer with one odd token some are missing; of an endpoint that tells nothing, all but its length.
  if (Object.keys(signals).some((name) => signalParts(name).base !== 'length')) {
    const alternatives = k === undefined ? 'exact entropies' : `${k} alternatives a token`
    say(
      `the small model, ${model}, gives log-probabilities${signals.mean_entropy === undefined ? ', but no entropies' : ` and ${alternatives}`}`,
    )
    return
  }
  const text = `the small model, ${model}, gives no log-probabilities`
  if (setup.verify === undefined && setup.pTrue === undefined)
    throw new SpillwayError(
      'usage',
      `${text}, so there would be no signal: use a server that does (docs/collect.md), or let it judge its answers with --verify 4`,
    )
  say(`${text}: there are only signals of verification`)
}
