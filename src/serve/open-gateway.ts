import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { expand } from '../config/expand.ts'
import { loadConfig } from '../config/load-config.ts'
import type { AuditRecord } from '../audits/record.ts'
import type { DecisionRecord } from '../cascade/record.ts'
import type { Config } from '../config/schema.ts'
import type { ServeConfig } from '../config/serve-schema.ts'
import { auditorOf } from '../gateway/audit/auditor.ts'
import type { Coin } from '../gateway/audit/coin.ts'
import type { DecisionLog, RecordLog } from '../gateway/decision-log.ts'
import { fetchHandler } from '../gateway/fetch-handler.ts'
import { gatewayOf, type Gateway, type GatewayLimits, type Page } from '../gateway/gateway.ts'
import { tracingOf } from '../gateway/tracing.ts'
import { logsTexts } from './audits.ts'
import { inBatches } from './batches.ts'
import { openOffer, type OpenOffer } from './offer.ts'
import { auditLog, openLog } from './open-log.ts'
import { watchOf } from './watch.ts'

/** What a program that serves a configuration decides by itself. */
export interface OpenGatewayOptions {
  /** Where keys come from; `process.env`. */
  env?: NodeJS.ProcessEnv
  /** Told of what an operator should know; standard error. */
  onNotice?: (text: string) => void
  /** Told of faults of the gateway's own; standard error. */
  onFault?: (error: unknown) => void
  /** Whether decisions are logged where the configuration says it; yes. */
  log?: boolean
  /** Looks at what is about to be served, at first and at every reload. @throws SpillwayError where that must not be */
  check?: (offer: OpenOffer, config: Config) => void
}

/** A gateway as a configuration describes it, with its log, metrics and live page, but without a server. */
export interface OpenGateway {
  config: Config
  gateway: Gateway
  limits: GatewayLimits
  /** What is offered at the moment. */
  offer: () => OpenOffer
  /** Answers web-standard requests whose paths begin with `mount`. */
  fetch: (request: Request, mount?: string) => Promise<Response>
  /** Reads the configuration again, for the next request on. @throws SpillwayError where it is bad: the former stays */
  reload: () => Promise<void>
  /** Waits for the requests under way, writes what is to be logged, and lets go of models. */
  close: () => Promise<void>
}

/** Clients come first. */
const AUDITING = { atOnce: 4, mostWaiting: 1000, mostBytes: 32 * 2 ** 20 }
/** Audits under way at the end may take so long. */
const AUDITS_END_MS = 10_000

const tell = (text: string) => void process.stderr.write(`spillway: ${text}\n`)

/**
 * Opens what `spillway serve` serves, for programs with a server of their own.
 * @param path of spillway.yaml
 * @throws SpillwayError naming the place in the configuration, or the policy file, that cannot be served
 */
export async function openGateway(path: string, options: OpenGatewayOptions = {}): Promise<OpenGateway> {
  const { env = process.env, onNotice = tell, onFault = tellFault, check = () => {} } = options
  const folder = dirname(path)
  const coins = new Map<string, Coin>()
  const open = async () => {
    const config = await loadConfig(path)
    const offer = await openOffer(config, { path, folder, env, say: onNotice, coins })
    try {
      check(offer, config)
    } catch (error) {
      await offer.close()
      throw error
    }
    return { config, offer }
  }
  const opened = await open()
  let { offer } = opened
  const { config } = opened
  const serve = config.serve ?? {}
  const limits = limitsOf(serve)
  let tracing: Awaited<ReturnType<typeof tracingOf>> | undefined
  let log: DecisionLog | undefined
  try {
    tracing = serve.tracing && (await tracingOf(tracingOptions(serve.tracing, env, onNotice)))
    if (options.log !== false) log = await openLog(serve, folder, env, onNotice)
  } catch (error) {
    await tracing?.close()
    await offer.close()
    throw error
  }
  /** Opened with the first audit: most gateways have none. */
  let audits: RecordLog<AuditRecord> | undefined
  const watch = watchOf(serve, {
    offer: () => offer,
    inFlight: () => gateway.inFlight(),
    waiting: () => gateway.waiting(),
    logDropped: () => log?.dropped() ?? 0,
    auditDropped: () => audits?.dropped() ?? 0,
    auditsWaiting: () => auditor.waiting(),
  })
  const auditor = auditorOf({
    ...AUDITING,
    deadlineMs: limits.deadlineMs,
    texts: logsTexts(serve),
    onAudit(record) {
      watch.audited(record)
      if (options.log === false) return
      audits ??= auditLog(serve, folder, onNotice)
      audits.write(record)
    },
    onNotice,
    onFault,
  })
  const records = inBatches<{ record: DecisionRecord; traceparent: string | undefined }>(({ record, traceparent }) => {
    watch.add(record)
    log?.write(record)
    tracing?.add(record, traceparent)
  }, onFault)
  /** Whoever looks finds all that has happened. */
  const upToDate = (page: Page): Page => ({
    ...page,
    get(request, ending) {
      records.flush()
      return page.get(request, ending)
    },
  })
  const gateway = gatewayOf(offer, {
    limits,
    texts: watch.texts,
    auditor,
    forward: (serve.forward_headers ?? []).map((name) => name.toLowerCase()),
    now: () => performance.now(),
    clock: Date.now,
    newId: randomUUID,
    onRecord: (record, { traceparent }) => records.add({ record, traceparent }),
    onNotice,
    onFault,
    pages: Object.fromEntries(Object.entries(watch.pages).map(([path, page]) => [path, upToDate(page)])),
  })

  /** Those that requests under way may still use. */
  const former = new Set<OpenOffer>()
  const read = async () => {
    const { offer: next } = await open()
    const last = offer
    former.add(last)
    offer = next
    gateway.offer(next)
    records.flush()
    watch.offer(next)
    setTimeout(() => void last.close().then(() => former.delete(last)), limits.deadlineMs).unref()
  }
  let reading = Promise.resolve()
  const reload = () => {
    const done = reading.then(read)
    reading = done.catch(() => {})
    return done
  }
  return {
    config,
    gateway,
    limits,
    offer: () => offer,
    fetch: (request, mount) => fetchHandler(gateway, mount)(request),
    reload,
    async close() {
      await gateway.drain()
      records.flush()
      await auditor.close(AUDITS_END_MS)
      await log?.close()
      await audits?.close()
      await tracing?.close()
      await reading
      for (const each of [...former, offer]) await each.close()
    },
  }
}

const tracingOptions = (
  { url, headers = {}, service = 'spillway', share = 1 }: NonNullable<ServeConfig['tracing']>,
  env: NodeJS.ProcessEnv,
  onNotice: (text: string) => void,
) => ({
  url,
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, expand(value, env, `the header ${name} of serve.tracing`)]),
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

/** Of what is no user's mistake, everything. */
export function tellFault(error: unknown): void {
  process.stderr.write(
    `spillway: this is a fault of Spillway; please report it with the lines below\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
}
