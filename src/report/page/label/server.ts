import type { MarkingState, MarkingStep } from '../../label/state.ts'

/** The program that has the answers, and saves the marks. */
export interface MarkingServer {
  /** @throws Error with what to show, where nothing was done */
  state(): Promise<MarkingState>
  /** What is in view then; a mark is saved by then. @throws Error with what to show, where nothing was done */
  step(step: MarkingStep): Promise<MarkingState>
}

const TIMEOUT_MS = 20_000
const GONE = 'spillway label does not answer. Start it again, and open the address that it prints'

/** @param token that the address of the page brought along */
export function serverOf(token: string): MarkingServer {
  const ask = async (body?: MarkingStep): Promise<MarkingState> => {
    const response = await fetch('/marking', {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => {
      throw new Error(GONE)
    })
    const value = (await response.json().catch(() => ({ error: GONE }))) as MarkingState | { error: string }
    // 409: this page had another answer in view than the program; what comes with it is the right one.
    if ('error' in value) throw new Error(value.error)
    return value
  }
  return { state: () => ask(), step: ask }
}
