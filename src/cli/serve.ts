import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { stringify } from 'yaml'
import { loadConfig } from '../config/load-config.ts'
import type { ServeConfig } from '../config/serve-schema.ts'
import { SpillwayError } from '../core/errors.ts'
import { drain, nodeServer } from '../gateway/node-server.ts'
import { readableJson } from '../report/readable-json.ts'
import { openOffer, type OpenOffer } from '../serve/offer.ts'
import { openGateway, tellFault, type OpenGateway } from '../serve/open-gateway.ts'
import { shownConfig } from '../serve/shown.ts'
import { withInterrupt } from './interrupt.ts'
import { parsePort } from './options.ts'

interface ServeFlags {
  config?: string
  demo?: boolean
  check?: boolean
  json?: boolean
  host?: string
  port?: number
  quiet?: boolean
}

const DEMO = fileURLToPath(new URL('../../examples/tiny-pair/spillway.yaml', import.meta.url))

/** `spillway serve`: the gateway. */
export const serveCommand = (): Command =>
  new Command('serve')
    .summary('the gateway: OpenAI requests, answered by the cascade')
    .description(
      'Answer OpenAI-style requests with the cascade: the small model where the policy keeps its answer, else the large one.',
    )
    .option('--config <file>', 'spillway.yaml, with a section `serve`')
    .option('--demo', 'serve the two tiny models that come with Spillway; no key, no other server')
    .option('--check', 'print the configuration as it is understood, with secrets hidden, and end')
    .option('--host <address>', 'the address to listen at; 127.0.0.1')
    .option('--port <n>', 'the port to listen at, 0 for any free one; 8080', parsePort)
    .option('--json', 'print what --check prints as JSON, or once it listens, a line of JSON that says where')
    .option('--quiet', 'print nothing on standard error but errors')
    .action(run)

async function run(flags: ServeFlags): Promise<void> {
  const path = flags.demo === true ? DEMO : flags.config
  if (path === undefined)
    throw new SpillwayError('usage', 'no configuration: give --config spillway.yaml, or --demo to try it without')
  const warn = (text: string) => void process.stderr.write(`spillway: ${text}\n`)
  if (flags.check === true) {
    await showConfig(path, flags, warn)
    return
  }
  const open = await openGateway(path, {
    onNotice: warn,
    log: flags.demo !== true,
    check: (offer, { serve = {} }) => refuseOpenDoor(placeOf(serve, flags).host, offer),
  })
  await withInterrupt((interrupted) => serveUntil(interrupted, open, flags))
}

/** `--check`. */
async function showConfig(path: string, flags: ServeFlags, say: (text: string) => void): Promise<void> {
  const config = await loadConfig(path)
  const offer = await openOffer(config, { path, folder: dirname(path), env: process.env, say })
  try {
    const place = placeOf(config.serve ?? {}, flags)
    refuseOpenDoor(place.host, offer)
    const shown = shownConfig(config, offer, place)
    process.stdout.write(flags.json === true ? readableJson(shown) : stringify(shown))
  } finally {
    await offer.close()
  }
}

const placeOf = ({ host, port }: ServeConfig, flags: ServeFlags) => ({
  host: flags.host ?? host ?? '127.0.0.1',
  port: flags.port ?? port ?? 8080,
})

/** Whoever can reach a gateway spends its money. */
function refuseOpenDoor(host: string, { keys }: OpenOffer): void {
  if (keys.length > 0 || /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/.test(host)) return
  throw new SpillwayError(
    'usage',
    `${host} can be reached from other machines, and there are no keys: whoever reaches it spends on your account; make one with \`spillway key NAME\` and write it under serve.keys`,
  )
}

async function serveUntil(interrupted: AbortSignal, open: OpenGateway, flags: ServeFlags): Promise<void> {
  const { config, gateway, limits } = open
  const serve = config.serve ?? {}
  const { host, port } = placeOf(serve, flags)
  const say = (text: string) => void (flags.quiet === true || process.stderr.write(`${text}\n`))
  const server = nodeServer(gateway, {
    headersTimeoutMs: 1000 * (serve.limits?.header_s ?? 10),
    requestTimeoutMs: 1000 * (serve.limits?.request_s ?? 60),
    // Nobody waits for longer than that for an answer, nor may an answer wait for its client.
    idleTimeoutMs: limits.deadlineMs + limits.waitMs,
    onFault: tellFault,
  })
  try {
    const at = await listen(server, host, port)
    const reload = () =>
      void open.reload().then(
        () => say('the configuration has been read again'),
        (error: unknown) =>
          process.stderr.write(
            `spillway: ${error instanceof Error ? error.message : String(error)}; the former configuration stays\n`,
          ),
      )
    process.on('SIGHUP', reload)
    const ended = ending(interrupted)
    // Whoever reads this may send signals at once.
    const { cascades, models } = open.offer()
    const names = [...cascades, ...models].map(({ name }) => name)
    if (flags.json === true) process.stdout.write(`${JSON.stringify({ listening: at, models: names })}\n`)
    say(`listening at ${at}; models: ${names.join(', ')}`)
    if (serve.dashboard !== false) say(`live page: ${at}/dashboard`)
    if (flags.demo === true) say(demoHint(at))
    const told = await ended
    // Of no use any more, but without a listener it would end the process.
    process.on('SIGHUP', () => {}).off('SIGHUP', reload)
    const left = gateway.inFlight()
    if (left > 0) say(`finishing ${left} ${left === 1 ? 'request' : 'requests'}`)
    await drain(server, gateway, limits.deadlineMs)
    if (told === 'SIGINT') process.exitCode = 130
  } finally {
    await open.close()
  }
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const problem =
        error.code === 'EADDRINUSE' ? 'another program listens there; give --port another one' : error.message
      reject(new SpillwayError('usage', `${host}:${port}: ${problem}`, { cause: error }))
    })
    server.listen(port, host, () => {
      const { address, family, port: given } = server.address() as AddressInfo
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${given}`)
    })
  })
}

/** Until someone asks the process to end, and who. */
const ending = (interrupted: AbortSignal): Promise<'SIGINT' | 'SIGTERM'> =>
  new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'))
    if (interrupted.aborted) resolve('SIGINT')
    interrupted.addEventListener('abort', () => resolve('SIGINT'), { once: true })
  })

const demoHint = (at: string): string =>
  `try: curl -i ${at}/v1/chat/completions -H 'content-type: application/json' -d '{"model": "cascade", "messages": [{"role": "user", "content": "47+85="}]}'`
