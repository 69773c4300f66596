import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { markingItems } from '../../audits/marking/items.ts'
import { markingSession } from '../../audits/marking/session.ts'
import { SpillwayError } from '../../core/errors.ts'
import { pageAssets } from '../../report/html/page-assets.ts'
import { labelHtml } from '../../report/label/label-html.ts'
import { withInterrupt } from '../interrupt.ts'
import type { LabelFlags, LabelWork } from './label.ts'
import { markingServer } from './server.ts'

const TOKEN_BYTES = 24

/** Serves a page on which somebody marks the answers of a log, until the process is asked to end. */
export async function byHand(
  { records, sample, marks, say }: LabelWork,
  { all = false, seed, port, json }: LabelFlags,
): Promise<void> {
  const { items, marked } = await markingItems(records(), { sample, seed, marks, all })
  if (items.length === 0) {
    say(
      `all answers of ${requests(sample.ids.length, sample.of)} have a quality; --all marks those of a program by hand`,
    )
    return
  }
  const newKey = () => randomBytes(12).toString('base64url')
  const session = markingSession({ items, marked, marks, now: () => new Date(), newKey })
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const server = markingServer({ session, page: labelHtml(await pageAssets('label')), token })
  await withInterrupt(async (interrupted) => {
    const origin = await listen(server, port)
    const address = `${origin}/?token=${token}`
    const ended = ending(interrupted)
    if (json === true) process.stdout.write(`${JSON.stringify({ page: address, marks: marks.path })}\n`)
    say(`${requests(sample.ids.length, sample.of)}, in an order of seed ${seed}; marks go to ${marks.path}`)
    say(`mark answers at ${address} (Ctrl-C ends it)`)
    const told = await ended
    server.close()
    server.closeAllConnections()
    const { left } = session.state()
    say(
      left === 0
        ? 'everything is marked'
        : `${left} ${left === 1 ? 'answer is' : 'answers are'} left; the same command goes on from here`,
    )
    if (json === true) process.stdout.write(`${JSON.stringify({ marked: session.state().marked, left })}\n`)
    if (told === 'SIGINT' && left > 0) process.exitCode = 130
  })
}

const requests = (count: number, of: number): string =>
  count === of
    ? `${count.toLocaleString('en')} ${count === 1 ? 'request' : 'requests'}`
    : `a sample of ${count} of ${of} requests`

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    const problem =
      error.code === 'EADDRINUSE' ? 'another program listens there; give --port another one' : error.message
    throw new SpillwayError('usage', `127.0.0.1:${port}: ${problem}`, { cause: error })
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const ending = (interrupted: AbortSignal): Promise<'SIGINT' | 'SIGTERM'> =>
  new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'))
    interrupted.addEventListener('abort', () => resolve('SIGINT'), { once: true })
  })
