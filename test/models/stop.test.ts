import { describe, expect, test } from 'vitest'
import { abortSignalOf, stopper, type Stopper } from '../../src/models/stop.ts'

/** Node's own, with the way to abort it. */
function native(): Stopper {
  const controller = new AbortController()
  return Object.assign(controller.signal, { abort: (reason?: unknown) => controller.abort(reason) })
}

describe.each([
  ['stop', stopper],
  ["of Node's own", native],
])('a %s', (_, make) => {
  test('is aborted once, for the first reason', () => {
    const stop = make()
    expect(stop.aborted).toBe(false)
    expect(() => stop.throwIfAborted()).not.toThrow()
    const reason = new Error('enough')
    stop.abort(reason)
    stop.abort(new Error('too late'))
    expect([stop.aborted, stop.reason]).toEqual([true, reason])
    expect(() => stop.throwIfAborted()).toThrow(reason)
  })

  test('without a reason has one', () => {
    const stop = make()
    stop.abort()
    expect(stop.reason).toMatchObject({ name: 'AbortError', message: 'This operation was aborted' })
  })

  test('tells those who listen, in order, once, but for those who were taken away', () => {
    const stop = make()
    const told: string[] = []
    const third = () => void told.push('third')
    const gone = () => void told.push('gone')
    stop.addEventListener('abort', () => {
      told.push('first')
      stop.removeEventListener('abort', third)
    })
    stop.addEventListener('abort', () => void told.push('second'), { once: true })
    stop.addEventListener('abort', third)
    stop.addEventListener('abort', gone)
    stop.removeEventListener('abort', gone)
    stop.abort()
    stop.abort()
    expect(told).toEqual(['first', 'second'])
  })

  test("is an AbortSignal for Node's functions", () => {
    const [stop, later] = [make(), make()]
    const reason = new Error('enough')
    stop.abort(reason)
    expect(abortSignalOf(stop)).toBeInstanceOf(AbortSignal)
    expect([abortSignalOf(stop).aborted, abortSignalOf(stop).reason]).toEqual([true, reason])
    const signal = abortSignalOf(later)
    expect(signal.aborted).toBe(false)
    later.abort(reason)
    expect([signal.aborted, signal.reason]).toEqual([true, reason])
  })
})
