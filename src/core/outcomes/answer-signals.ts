import { answerSignals, type AnswerSignal } from '../signals/answer.ts'
import { signals } from '../signals/signals.ts'
import type { Outcomes, SignalColumn } from './outcomes.ts'

const names: readonly AnswerSignal[] = ['answer_words', 'answer_refusal', 'answer_label']

/** Adds the facts about the small model's answers, where their texts were kept; columns the data bring stay as they are. */
export function withAnswerSignals(outcomes: Outcomes): Outcomes {
  const { texts, models } = outcomes
  return {
    ...outcomes,
    signals: [...outcomes.signals, ...columnsOf(outcomes.signals, texts?.small)],
    models: models?.map((model) => ({
      ...model,
      signals: [...model.signals, ...columnsOf(model.signals, model.answers)],
    })),
  }
}

function columnsOf(
  present: readonly SignalColumn[],
  answers: readonly (string | undefined)[] | undefined,
): SignalColumn[] {
  if (answers?.some((answer) => answer !== undefined) !== true) return []
  const absent = names.filter((name) => present.every((column) => column.name !== name))
  const columns = absent.map((name) => ({ ...signals[name], name, values: new Float64Array(answers.length) }))
  answers.forEach((answer, row) => {
    const facts = answer === undefined ? undefined : answerSignals(answer)
    for (const column of columns) column.values[row] = facts?.[column.name] ?? NaN
  })
  return columns
}
