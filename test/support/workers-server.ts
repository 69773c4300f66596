import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { mainPath } from './cli.ts'
import { httpServer, type HttpServer } from './http-server.ts'

export const haveRedis = (() => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

export interface RedisServer {
  url: string
  stop(): Promise<void>
}

/** A Redis of its own, which stores nothing. */
export async function redisServer(...more: string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-redis-'))
  for (let tries = 1; ; tries++) {
    const port = await freePort()
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
    const child = spawn('redis-server', [...args, ...more], { stdio: ['ignore', 'pipe', 'inherit'] })
    const failed = await new Promise<string | undefined>((resolve) => {
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('Ready to accept connections')) resolve(undefined)
      })
      child.on('exit', (code) => resolve(`redis-server ended with ${code}: ${said}`))
    })
    if (failed === undefined)
      return {
        url: `redis://127.0.0.1:${port}`,
        async stop() {
          await killed(child, 'SIGKILL')
          rmSync(folder, { recursive: true, force: true })
        },
      }
    // Somebody else may have taken the port in the meantime.
    if (tries === 3) throw new Error(failed)
  }
}

/**
 * A port that nobody listens at, for a server that cannot be told to take any. It lies below those that the system
 * deals out, so that no connection or server elsewhere is given it before that server is up.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000)
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}

/** Answers every chat with its prompt's last word, two tokens with log-probabilities, after `delayMs`. */
export const echoServer = (delayMs: number, status = 200): Promise<HttpServer> =>
  httpServer(async (response, { body }) => {
    await wait(delayMs)
    response.statusCode = status
    response.setHeader('content-type', 'application/json')
    if (status !== 200) {
      response.end(JSON.stringify({ error: { message: 'this key is not known' } }))
      return
    }
    const { messages } = JSON.parse(body) as { messages: { content: string }[] }
    const word = messages.at(-1)!.content.split(/\s+/).at(-1)!
    const token = (text: string, logprob: number) => ({
      token: text,
      logprob,
      bytes: [...Buffer.from(text)],
      top_logprobs: [
        { token: text, logprob, bytes: [...Buffer.from(text)] },
        { token: '?', logprob: Math.log(1 - Math.exp(logprob)) - 0.01, bytes: [63] },
      ],
    })
    response.end(
      JSON.stringify({
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: word },
            logprobs: { content: [token(word.slice(0, 1), -0.25), token(word.slice(1), -0.125)] },
            finish_reason: 'stop',
          },
        ],
        usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
      }),
    )
  })

export interface Running {
  child: ChildProcess
  /** What it has said on standard error so far. */
  said(): string
  ended: Promise<number | null>
}

/** Starts the built command and goes on while it runs. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [mainPath, ...args], {
    env: { ...process.env, ...env, NO_COLOR: '1', FORCE_COLOR: undefined },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return { child, said: () => text, ended }
}

export async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.on('exit', resolve))
  child.kill(signal)
  await gone
}

/** Waits until something holds. */
export async function until(holds: () => boolean, what: string, ms = 50_000): Promise<void> {
  for (const end = performance.now() + ms; !holds(); await wait(20))
    if (performance.now() > end) throw new Error(`it took too long until ${what}`)
}
