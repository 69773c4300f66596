import { loadTemplate, template } from '../collect/template.ts'
import { AuditError } from '../gateway/audit/audit-error.ts'
import type { AuditScorer } from '../gateway/audit/scorer.ts'
import { questionText } from '../gateway/audit/audit-record.ts'
import type { Model, Usage } from '../models/model.ts'
import { callCost, type Price } from '../models/price.ts'

export interface JudgeOptions {
  /** What the log calls it: the model's name. */
  name: string
  model: Model
  price?: Price
  /** A file, or a text with {{question}}, {{answer}} and, where there is one, {{gold}}. */
  prompt?: string
}

/** A number of few tokens is wanted; some models say a word first. */
const MOST_TOKENS = 16

/** A number from 0 to 10, perhaps out of 10, and nothing else. */
const GRADE = /^[\s*]*(\d+(?:\.\d+)?)(?:\s*\/\s*10)?[\s*.]*$/

const PROMPT = `You grade answers. Here is a question, and an answer to it.

Question:
{{question}}
{{#gold}}

A right answer:
{{gold}}
{{/gold}}

Answer:
{{answer}}

How good is the answer? 10: right and complete; 0: wrong, or no answer. Reply with one whole number from 0 to 10 and nothing else.`

/** Has a model grade both answers, each by itself, with one prompt, greedily. */
export async function judgeOf({ name, model, price, prompt }: JudgeOptions): Promise<AuditScorer> {
  const words =
    prompt === undefined ? template('the prompt of judges', PROMPT, 'answer') : await loadTemplate(prompt, 'answer')

  /** Without a quality: the reply is no grade. */
  async function grade(
    content: string,
    signal: AbortSignal,
  ): Promise<{ quality?: number; reply: string; cost?: number }> {
    let text = ''
    let usage: Usage | undefined
    const request = { prompt: [{ role: 'user' as const, content }], maxTokens: MOST_TOKENS, temperature: 0 }
    for await (const event of model.generate(request, { signal })) {
      if (event.type === 'text') text += event.text
      else if (event.type === 'usage') usage = event.usage
    }
    const grade = Number(GRADE.exec(text)?.[1])
    const cost = price && callCost(price, usage)
    return {
      reply: text,
      ...(grade >= 0 && grade <= 10 ? { quality: grade / 10 } : {}),
      ...(cost === undefined ? {} : { cost }),
    }
  }

  return {
    name: `judge:${name}`,
    async score({ small, large, question, gold, stop }) {
      const graded = async (answer: string | undefined) =>
        answer === undefined
          ? undefined
          : grade(words.render({ question: questionText(question), answer, gold: gold?.[0] }, 'the judge'), stop)
      // Two equal answers are equally good, and are paid for once.
      const first = await graded(small)
      const second = small !== undefined && large === small ? { ...first!, cost: 0 } : await graded(large)
      const none = [first, second].find((each) => each !== undefined && each.quality === undefined)
      const costs = [first?.cost, second?.cost].filter((cost) => cost !== undefined)
      return {
        ...(first?.quality === undefined ? {} : { small: first.quality }),
        ...(second?.quality === undefined ? {} : { large: second.quality }),
        ...(none === undefined
          ? {}
          : {
              error: new AuditError(
                `the judge ${name} gave no grade`,
                `${name} was to judge and gave no number from 0 to 10: ${JSON.stringify(none.reply.slice(0, 60))}`,
              ),
            }),
        ...(costs.length === 0 ? {} : { cost: costs.reduce((sum, cost) => sum + cost, 0) }),
      }
    },
  }
}
