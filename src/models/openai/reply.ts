import type { Dispatcher } from 'undici'
import type { AnswerHeaders } from './retry.ts'

/** A server's reply. */
export interface Reply {
  status: number
  headers: AnswerHeaders
  /**
   * The body as it comes, to be read once; whoever stops reading ends the exchange.
   * @throws what broke the connection, or what the exchange was aborted for
   */
  bytes: AsyncIterable<Uint8Array>
  /** Whether all of it has been read: there is no need to ask for more. */
  isRead(): boolean
}

/** A request that is under way. */
export interface Sent {
  /** @throws what broke the connection, or what the exchange was aborted for */
  reply: Promise<Reply>
  /** Resolves once the reply is whole, broken or aborted, read or not. */
  ended: Promise<void>
  abort(reason: Error): void
}

/** So much that nobody has read yet is enough: the server waits. */
const MOST_UNREAD_BYTES = 65_536

/**
 * Sends a request, and takes the reply off the connection without a stream or a signal in between, which together cost
 * as much as everything else about an exchange.
 */
export function send(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions): Sent {
  let connection: Dispatcher.DispatchController | undefined
  let aborted: Error | undefined
  let end: { error?: Error } | undefined
  let unread: Buffer[] = []
  let size = 0
  let wake = () => {}
  let begin!: (reply: Reply) => void
  let refuse!: (error: Error) => void
  let close!: () => void
  const reply = new Promise<Reply>((resolve, reject) => {
    begin = resolve
    refuse = reject
  })
  const ended = new Promise<void>((resolve) => (close = resolve))
  const over = (error?: Error) => {
    end ??= error === undefined ? {} : { error }
    if (error !== undefined) refuse(error)
    close()
    wake()
  }
  const abort = (reason: Error) => {
    if (end !== undefined) return
    aborted = reason
    over(reason)
    connection?.abort(reason)
  }
  /** All that has come and was not read yet. */
  const take = (): Uint8Array => {
    const all = unread.length === 1 ? unread[0] : Buffer.concat(unread)
    unread = []
    size = 0
    if (connection?.paused === true) connection.resume()
    return all
  }
  const bytes: AsyncIterator<Uint8Array> = {
    async next() {
      if (unread.length === 0 && end === undefined) await new Promise<void>((resolve) => (wake = resolve))
      if (aborted !== undefined) throw aborted
      if (unread.length > 0) return { done: false, value: take() }
      if (end?.error !== undefined) throw end.error
      return { done: true, value: undefined }
    },
    async return() {
      // An error costs as much as a request's other objects together, so it is made where there is one.
      if (end === undefined) abort(new Error('nobody reads the answer'))
      return { done: true, value: undefined }
    },
  }
  const isRead = () => end !== undefined && end.error === undefined && unread.length === 0
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(controller) {
      connection = controller
      if (aborted !== undefined) controller.abort(aborted)
    },
    onResponseStart(_, status, headers) {
      // Before the reply there may be others that only announce it.
      if (status >= 200) begin({ status, headers, bytes: { [Symbol.asyncIterator]: () => bytes }, isRead })
    },
    onResponseData(controller, chunk) {
      unread.push(chunk)
      size += chunk.length
      if (size > MOST_UNREAD_BYTES) controller.pause()
      wake()
    },
    onResponseEnd: () => over(),
    onResponseError: (_, error) => over(error),
  }
  try {
    dispatcher.dispatch(options, handler)
  } catch (error) {
    over(error as Error)
  }
  return { reply, ended, abort }
}
