import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { send, type Sent } from '../../../src/models/openai/reply.ts'

/** Sends to a server on a real socket that answers as it is told; `left`: the first of its connections is over. */
async function sendTo(answer: (response: ServerResponse) => void, connections = 1) {
  let leave = () => {}
  const left = new Promise<void>((resolve) => (leave = resolve))
  const server = createServer((request, response) => {
    request.resume()
    response.on('close', leave)
    answer(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const agent = new Agent({ connections })
  onTestFinished(async () => {
    await agent.destroy()
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { ask: (): Sent => send(agent, { origin, path: '/', method: 'POST', body: '{}' }), left }
}

async function textOf(sent: Sent): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const bytes of (await sent.reply).bytes) pieces.push(bytes)
  return Buffer.concat(pieces).toString()
}

test('a reply is its head, then its bytes, then its end', async () => {
  const { ask } = await sendTo((response) => response.writeHead(201, { 'x-a': 'b' }).end('one two'))
  const sent = ask()
  const reply = await sent.reply
  expect([reply.status, reply.headers['x-a']]).toEqual([201, 'b'])
  expect(await textOf(sent)).toBe('one two')
  expect(reply.isRead()).toBe(true)
  await sent.ended
})

test('replies that only announce it are passed over', async () => {
  const { ask } = await sendTo((response) => {
    response.writeProcessing()
    response.end('done')
  })
  const sent = ask()
  expect((await sent.reply).status).toBe(200)
  expect(await textOf(sent)).toBe('done')
})

test('a server that is faster than the reader waits', async () => {
  const piece = Buffer.alloc(2 ** 20, 'x')
  let [written, most] = [0, 0]
  const { ask } = await sendTo((response) => {
    const more = () => {
      let taken = true
      while (taken && written < 64) {
        written++
        taken = response.write(piece)
      }
      if (written < 64) response.once('drain', more)
      else response.end()
    }
    more()
  })
  const sent = ask()
  const { bytes } = await sent.reply
  let size = 0
  for await (const some of bytes) {
    if (size === 0) await new Promise((resolve) => setTimeout(resolve, 200))
    if (size === 0) most = written
    size += some.length
  }
  expect(size).toBe(64 * piece.length)
  // What fits into the buffers of both sides.
  expect(most).toBeLessThan(32)
})

test('whoever stops reading ends the exchange', async () => {
  const { ask, left } = await sendTo((response) => response.write('one'))
  const sent = ask()
  for await (const _ of (await sent.reply).bytes) break
  await sent.ended
  await left
})

test('what has come before a connection breaks is read before the break is told', async () => {
  const { ask } = await sendTo((response) => {
    response.write('one')
    setTimeout(() => response.socket?.resetAndDestroy(), 50)
  })
  const sent = ask()
  const read: string[] = []
  const reading = async () => {
    for await (const bytes of (await sent.reply).bytes) read.push(Buffer.from(bytes).toString())
  }
  await expect(reading()).rejects.toThrow()
  expect(read).toEqual(['one'])
  await sent.ended
})

test.each(['before its head', 'within its body'])('a reply that is aborted %s tells the reason', async (when) => {
  const { ask, left } = await sendTo((response) => {
    if (when === 'within its body') response.write('one')
    setTimeout(() => sent.abort(new Error('enough')), 20)
  })
  const sent = ask()
  await expect(textOf(sent)).rejects.toThrow('enough')
  await Promise.all([sent.ended, left])
})

test('a request that is aborted while it waits for a connection is not made', async () => {
  let asked = 0
  const responses: ServerResponse[] = []
  const { ask } = await sendTo((response) => {
    asked++
    responses.push(response)
  })
  const [first, second] = [ask(), ask()]
  second.abort(new Error('enough'))
  await expect(second.reply).rejects.toThrow('enough')
  while (responses.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  responses[0].end('done')
  expect(await textOf(first)).toBe('done')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(asked).toBe(1)
})

test('a request that cannot be sent at all is refused', async () => {
  const agent = new Agent()
  const sent = send(agent, { origin: 'http://127.0.0.1:1', path: '/', method: 'POST', headers: { 'x\n': 'y' } })
  await expect(sent.reply).rejects.toThrow('invalid header key')
  await agent.destroy()
})
