import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { stringify } from 'yaml'
import { expand } from '../config/expand.ts'
import { loadConfig } from '../config/load-config.ts'
import type { Config } from '../config/schema.ts'
import type { ServeConfig } from '../config/serve-schema.ts'
import { SpillwayError } from '../core/errors.ts'
import { decisionLog, type DecisionLog } from '../gateway/decision-log.ts'
import { gatewayOf, type Gateway, type GatewayLimits } from '../gateway/gateway.ts'
import { jsonResponse } from '../gateway/http.ts'
import { dashboardOf } from '../gateway/live/dashboard.ts'
import { liveOf } from '../gateway/live/live.ts'
import { metricsOf } from '../gateway/metrics.ts'
import { drain, nodeServer } from '../gateway/node-server.ts'
import { statsOf } from '../gateway/stats.ts'
import { tracingOf } from '../gateway/tracing.ts'
import { readableJson } from '../report/readable-json.ts'
import { withInterrupt } from './interrupt.ts'
import { parsePort } from './options.ts'
import { openOffer, type OpenOffer } from './serve-offer.ts'
import { shownConfig } from './serve-shown.ts'

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
const STATES = { closed: 0, 'half-open': 1, open: 2 }

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
  const say = (text: string) => void (flags.quiet === true || process.stderr.write(`${text}\n`))
  const warn = (text: string) => void process.stderr.write(`spillway: ${text}\n`)
  const folder = dirname(path)
  const open = async () => {
    const config = await loadConfig(path)
    return { config, offer: await openOffer(config, { path, folder, env: process.env, say: warn }) }
  }
  const { config, offer } = await open()
  const serve = config.serve ?? {}
  const { host, port } = placeOf(serve, flags)
  try {
    refuseOpenDoor(host, offer)
    if (flags.check === true) {
      const shown = shownConfig(config, offer, { host, port })
      process.stdout.write(flags.json === true ? readableJson(shown) : stringify(shown))
      return
    }
    await withInterrupt((interrupted) =>
      serveUntil(interrupted, {
        config,
        offer,
        open,
        folder,
        host,
        port,
        say,
        warn,
        demo: flags.demo === true,
        json: flags.json === true,
      }),
    )
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

interface Running {
  config: Config
  offer: OpenOffer
  open: () => Promise<{ config: Config; offer: OpenOffer }>
  /** The configuration's. */
  folder: string
  host: string
  port: number
  say: (text: string) => void
  warn: (text: string) => void
  demo: boolean
  /** Whether standard output hears of the start. */
  json: boolean
}

async function serveUntil(interrupted: AbortSignal, running: Running): Promise<void> {
  const { config, host, say, warn } = running
  let { offer } = running
  const serve = config.serve ?? {}
  const log = logOf(serve, running)
  const texts = serve.log !== false && serve.log?.texts === true
  const [now, currency] = [() => performance.now(), serve.currency ?? 'USD']
  const stats = statsOf(now, currency)
  const gauges = {
    inFlight: () => gateway.inFlight(),
    waiting: () => gateway.waiting(),
    logDropped: () => log?.dropped() ?? 0,
    upstreams: () =>
      offer.models.map((model) => ({
        name: model.name,
        state: model.state(),
        failures: model.failures(),
        in_flight: model.inFlight(),
      })),
  }
  const live = liveOf({ offer, stats, currency, texts, now, clock: Date.now, gauges })
  const metrics = metricsOf({
    ...gauges,
    sums: () => stats.sums(),
    drift: () => live.drift(),
    breakers: () => offer.models.map((model) => [model.name, STATES[model.state()]] as const),
  })
  const limits = limitsOf(serve)
  const tracing = serve.tracing && (await tracingOf(tracingOptions(serve.tracing, warn)))
  const gateway: Gateway = gatewayOf(offer, {
    limits,
    texts,
    forward: (serve.forward_headers ?? []).map((name) => name.toLowerCase()),
    now,
    clock: Date.now,
    newId: randomUUID,
    onRecord(record, { traceparent }) {
      stats.add(record)
      metrics.add(record)
      live.add(record)
      log?.write(record)
      tracing?.add(record, traceparent)
    },
    onNotice: warn,
    onFault: tellFault,
    pages: {
      '/metrics': {
        get: async () => ({
          status: 200,
          headers: { 'content-type': metrics.contentType },
          body: Buffer.from(await metrics.text()),
        }),
      },
      '/stats': { get: () => jsonResponse(200, stats.summary()) },
      ...(serve.dashboard === false ? {} : dashboardOf(live)),
    },
  })
  const server = nodeServer(gateway, {
    headersTimeoutMs: 1000 * (serve.limits?.header_s ?? 10),
    requestTimeoutMs: 1000 * (serve.limits?.request_s ?? 60),
    // Nobody waits for longer than that for an answer, nor may an answer wait for its client.
    idleTimeoutMs: limits.deadlineMs + limits.waitMs,
    onFault: tellFault,
  })
  const at = await listen(server, host, running.port)
  /** Those that requests under way may still use. */
  const former = new Set<OpenOffer>()
  const read = async () => {
    const { offer: next } = await running.open()
    try {
      refuseOpenDoor(host, next)
    } catch (error) {
      await next.close()
      throw error
    }
    const last = offer
    former.add(last)
    offer = next
    gateway.offer(next)
    live.offer(next)
    say('the configuration has been read again')
    setTimeout(() => void last.close().then(() => former.delete(last)), limits.deadlineMs).unref()
  }
  let reading = Promise.resolve()
  const reload = () => {
    reading = reading.then(read).catch((error: unknown) => {
      warn(`${error instanceof Error ? error.message : String(error)}; the former configuration stays`)
    })
  }
  process.on('SIGHUP', reload)
  const ended = ending(interrupted)
  // Whoever reads this may send signals at once.
  const names = [...offer.cascades, ...offer.models].map(({ name }) => name)
  if (running.json) process.stdout.write(`${JSON.stringify({ listening: at, models: names })}\n`)
  say(`listening at ${at}; models: ${names.join(', ')}`)
  if (serve.dashboard !== false) say(`live page: ${at}/dashboard`)
  if (running.demo) say(demoHint(at))
  const told = await ended
  // Of no use any more, but without a listener it would end the process.
  process.on('SIGHUP', () => {}).off('SIGHUP', reload)
  const left = gateway.inFlight()
  if (left > 0) say(`finishing ${left} ${left === 1 ? 'request' : 'requests'}`)
  await drain(server, gateway, limits.deadlineMs)
  await log?.close()
  await tracing?.close()
  await reading
  for (const each of [...former, offer]) await each.close()
  if (told === 'SIGINT') process.exitCode = 130
}

function logOf({ log = {} }: ServeConfig, { folder, demo, warn }: Running): DecisionLog | undefined {
  if (log === false || demo) return undefined
  return decisionLog({
    // Paths of a configuration start at its folder.
    folder: log.folder === undefined ? 'decisions' : resolve(folder, log.folder),
    fileMb: log.file_mb ?? 100,
    files: log.files ?? 20,
    onNotice: warn,
  })
}

const tracingOptions = (
  { url, headers = {}, service = 'spillway', share = 1 }: NonNullable<ServeConfig['tracing']>,
  onNotice: (text: string) => void,
) => ({
  url,
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      expand(value, process.env, `the header ${name} of serve.tracing`),
    ]),
  ),
  service,
  share,
  onNotice,
})

const limitsOf = ({ limits = {} }: ServeConfig): GatewayLimits => ({
  places: limits.in_flight ?? 1024,
  queue: limits.queue ?? 1024,
  waitMs: 1000 * (limits.queue_s ?? 30),
  bodyBytes: limits.body_bytes ?? 16 * 2 ** 20,
  deadlineMs: 1000 * (limits.deadline_s ?? 300),
  keepaliveMs: 1000 * (limits.keepalive_after_s ?? 10),
})

function tellFault(error: unknown): void {
  process.stderr.write(
    `spillway: this is a fault of Spillway; please report it with the lines below\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
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
