import type { Command } from 'commander'
import { withAnswerSignals } from '../core/outcomes/answer-signals.ts'
import type { LintedOutcomes } from '../core/outcomes/finish.ts'
import type { Outcomes } from '../core/outcomes/outcomes.ts'
import { lintOutcomes } from '../data/read-outcomes.ts'
import {
  enforceStrict,
  parseConfidence,
  parseCount,
  parseList,
  parseQuality,
  parseSeed,
  readOptions,
  withDataFlags,
  type DataFlags,
} from './options.ts'
import { withTargetFlags, type TargetFlags } from './target.ts'

/** Flags of the commands that choose policies and say how sure they are. */
export interface StudyFlags extends DataFlags, TargetFlags {
  confidence?: number
  policies?: string[]
  resamples?: number
  seed?: number
  wrongBelow?: number
}

/** What is said of a flag where commands differ. */
interface StudyTexts {
  confidence: string
  policies: string
  seed: string
}

export const withStudyFlags = (command: Command, texts: StudyTexts): Command =>
  withTargetFlags(withDataFlags(command))
    .option('--confidence <share>', texts.confidence, parseConfidence)
    .option(
      '--policies <list>',
      `all, threshold, joint, learned, peers, or names (default: ${texts.policies})`,
      parseList,
    )
    .option('--resamples <count>', 'of the bootstrap (default: 2000)', parseCount)
    .option('--seed <number>', `${texts.seed} (default: 1)`, parseSeed)
    .option('--wrong-below <quality>', 'a small answer below this quality is wrong (default: 0.5)', parseQuality)

/** What these flags ask of the computation; all but the target, which one command needs and another does not. */
export const studyOptions = ({ cost, verifyCost, confidence, policies, resamples, seed, wrongBelow }: StudyFlags) => ({
  costs: { ...cost, verifyCost },
  confidence,
  policies,
  resamples,
  seed,
  wrongBelow,
})

/** Outcomes as they were recorded, and with what their answers' texts say beside them. */
export interface Study extends LintedOutcomes {
  recorded: Outcomes
}

/** Reads outcomes with what their answers' texts say. */
export async function readStudy(file: string, signalsFile: string | undefined, flags: StudyFlags): Promise<Study> {
  return studyOf(await lintOutcomes(file, { ...readOptions(flags, signalsFile), texts: true }), flags)
}

/** The same of outcomes that are read already. */
export function studyOf({ outcomes: recorded, findings }: LintedOutcomes, flags: StudyFlags): Study {
  enforceStrict(flags.strict, findings)
  return { recorded, outcomes: withAnswerSignals(recorded), findings }
}
