import type { TokenStep } from '../../core/signals/trace.ts'
import type { ModelEvent } from '../model.ts'
import { bare, withoutReasoning, type TracedPart } from './hidden-reasoning.ts'
import type { WireToken } from './tokens.ts'

/** A token of an answer, as an event. */
export type AnswerToken = Extract<ModelEvent, { type: 'token' }>

/** Finds the tokens that are part of an answer among those that a server lists. */
export interface AnswerTrace {
  /** Takes in a piece of the answer; gives the tokens that are now known to belong to it. */
  add(part: TracedPart): AnswerToken[]
  /** The rest, when there is no more text. */
  end(): AnswerToken[]
}

/**
 * A token is part of the answer if some of its text is: not the mark of the end that vLLM and others list last, nor a
 * stop text that was cut off, nor hidden reasoning. So tokens are laid along the text, but for white space, and wait
 * until the text has come to where they begin. Tokens that do not spell the text cannot be placed: then all belong, but
 * for a last one that looks like a mark, `</s>`, and that the text does not end with. Once a call to a tool has come,
 * so do all that are not of the text: servers take calls out of what the model wrote, and so what is told of a call is
 * not what its tokens spell.
 */
export function answerTrace(): AnswerTrace {
  const visible = withoutReasoning()
  /** Text without white space, and how far tokens have covered it. */
  let text = ''
  let at = 0
  /** The white space that the text ends with so far. */
  let space = ''
  let waiting: WireToken[] = []
  let placed = true
  let tail = ''
  /** Whether a call to a tool has come, and whether tokens are of one from here on. */
  let [called, calling] = [false, false]

  function settle(): AnswerToken[] {
    let done = 0
    const tokens: AnswerToken[] = []
    for (; done < waiting.length; done++) {
      const { step } = waiting[done]
      if ((!placed || calling) && done === waiting.length - 1 && mark.test(step.text ?? '')) break
      const own = step.text === undefined ? undefined : bare(step.text)
      const fits = placed && !calling ? fit(own, text, at) : 'yes'
      calling ||= called && (fits === 'no' || (fits === 'wait' && at === text.length))
      if (fits === 'wait' && !calling) break
      if (fits === 'no' && !calling) placed = false
      else if (placed && !calling) at += own?.length ?? 0
      tokens.push(tokenOf(step, calling))
    }
    waiting.splice(0, done)
    return tokens
  }

  return {
    add(part) {
      const { text: more, reasoning, tools } = part
      const own = visible(part)
      called ||= tools.length > 0
      // The mark that the reasoning begins with.
      if (reasoning && tail === '') waiting = []
      tail = (tail + more).slice(-LONGEST_MARK)
      if (placed && more !== '') {
        text = at === text.length ? bare(more) : text.slice(at) + bare(more)
        at = 0
        space = (more.trim() === '' ? space : '') + more.slice(more.trimEnd().length)
      }
      for (const token of own) waiting.push(token)
      return waiting.length === 0 ? [] : settle()
    },
    end() {
      if (!placed)
        return waiting
          .splice(0)
          .filter(({ step: { text: own = '' } }) => tail.endsWith(own))
          .map(({ step }) => tokenOf(step, calling))
      // A token that begins within the text may go on beyond it; tokens of white space may spell its end.
      const kept =
        at < text.length ? waiting.slice(0, 1 + waiting.findIndex(({ step }) => bare(step.text ?? '') !== '')) : []
      for (const token of waiting.slice(kept.length)) {
        const own = token.step.text ?? ''
        const part = own === '' ? !token.blank : space.startsWith(own)
        if (!part) break
        space = space.slice(own.length)
        kept.push(token)
      }
      waiting = []
      return kept.map(({ step }) => tokenOf(step, calling))
    },
  }
}

const tokenOf = (token: TokenStep, tool: boolean): AnswerToken =>
  tool ? { type: 'token', token, tool } : { type: 'token', token }

const LONGEST_MARK = 40
const mark = /^<[^\s<>]{1,38}>$/

/** Whether a token's text comes next, both without white space; `wait` where too little text has come to know. */
function fit(own: string | undefined, text: string, at: number): 'yes' | 'no' | 'wait' {
  if (own === undefined) return 'no'
  const left = text.length - at
  if (own === '') return left > 0 ? 'yes' : 'wait'
  if (own.length <= left) return text.startsWith(own, at) ? 'yes' : 'no'
  return own.startsWith(text.slice(at)) ? 'wait' : 'no'
}
