import type { DecisionRecord } from '../../cascade/record.ts'
import type { LiveDecision } from '../../report/live/state.ts'
import { decidingSignal, verdictsOf } from '../verdicts.ts'

/** The last decisions. */
export interface LastDecisions {
  add(record: DecisionRecord): void
  /** Those after the one of a number, the newest first. */
  after(number: number): LiveDecision[]
  /** The number of the last one. */
  count(): number
}

const MOST = 50
/** The start of a text does, to know it again. */
const MOST_CHARACTERS = 400

/** @param texts whether questions and answers are kept, where records have them */
export function lastDecisions(texts: boolean): LastDecisions {
  const kept: LiveDecision[] = []
  let count = 0
  return {
    add(record) {
      const decision = decisionOf(record, ++count)
      kept[count % MOST] = texts ? { ...decision, ...textsOf(record) } : decision
    },
    after: (number) => Array.from({ length: Math.min(MOST, count - number) }, (_, i) => kept[(count - i) % MOST]),
    count: () => count,
  }
}

function decisionOf(record: DecisionRecord, number: number): LiveDecision {
  const verdict = verdictsOf(record).at(-1)
  const deciding = verdict && decidingSignal(verdict)
  const { id, time, cascade, outcome, stage, status, cost, saved, latency_ms, first_token_ms } = record
  const request = { id, time, cascade, outcome, stage, status, cost, saved, latency_ms, first_token_ms }
  return {
    number,
    ...request,
    reason: verdict?.reason ?? null,
    signal: deciding?.signal ?? null,
    value: deciding?.value ?? null,
  }
}

function textsOf({ question, stage, calls }: DecisionRecord): Pick<LiveDecision, 'question' | 'answer'> {
  const asked = questionText(question)
  const answer = calls.findLast((call) => call.stage === stage)?.answer
  return {
    ...(asked === undefined ? {} : { question: asked.slice(0, MOST_CHARACTERS) }),
    ...(answer === undefined ? {} : { answer: answer.slice(0, MOST_CHARACTERS) }),
  }
}

/** The prompt, or the last of the messages. */
function questionText(question: unknown): string | undefined {
  const last: unknown = Array.isArray(question) ? question.at(-1) : question
  const content: unknown = isMessage(last) ? last.content : last
  return content === undefined || typeof content === 'string' ? content : JSON.stringify(content)
}

const isMessage = (value: unknown): value is { content: unknown } =>
  typeof value === 'object' && value !== null && 'content' in value
