import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { DecisionRecord } from '../../src/cascade/record.ts'
import type { KeepRule } from '../../src/cascade/stage.ts'
import { keepWhen, type Policy } from '../../src/core/policy/policy.ts'
import { guarded, type Guarded } from '../../src/gateway/breaker.ts'
import { gatewayOf, type Gateway, type GatewayLimits, type GatewayOptions } from '../../src/gateway/gateway.ts'
import { drain, nodeServer } from '../../src/gateway/node-server.ts'
import type { ServedCascade, ServedStage } from '../../src/gateway/served.ts'
import type { ClientKey } from '../../src/gateway/client-keys.ts'
import type { OpenAiOptions } from '../../src/models/openai-options.ts'
import { openAiModel } from '../../src/models/openai.ts'
import { clientOf, type Client } from './client.ts'

export { chat, errorOf, textOf, type Reply } from './client.ts'

export const sureEnough: Policy = keepWhen([{ signal: 'mean_logprob', atLeast: -1 }])

export interface Scene {
  /** Base URLs. */
  small: string
  large: string
  policy?: Policy
  keep?: Partial<KeepRule & { alternatives: number }>
  cascade?: Partial<ServedCascade>
  /** Of both models. */
  model?: Partial<OpenAiOptions>
  /** Further fields that the small model is asked with. */
  body?: Record<string, unknown>
  breaker?: { failures: number; restMs: number }
  limits?: Partial<GatewayLimits>
  keys?: readonly ClientKey[]
  /** For a connection on which nothing moves. */
  idleTimeoutMs?: number
  options?: Partial<GatewayOptions>
}

export interface RunningGateway extends Client {
  /** Such as http://127.0.0.1:40123. */
  origin: string
  gateway: Gateway
  records: DecisionRecord[]
  notices: string[]
  faults: unknown[]
  /** Waits before further attempts, ms; nobody waits that long. */
  slept: number[]
  small: Guarded
  stop: () => Promise<void>
  /** Those that clients hold at the moment. */
  connections: () => Promise<number>
  /** Brings it to its end as SIGTERM does. */
  drain: (mostMs?: number) => Promise<void>
}

/** A gateway on a real socket over two upstreams; it goes with the test. */
export async function startGateway(scene: Scene): Promise<RunningGateway> {
  const slept: number[] = []
  const sleep = async (ms: number) => void slept.push(ms)
  const breaker = { failures: 1e9, restMs: 0, ...scene.breaker, now: () => performance.now() }
  const models = (['small', 'large'] as const).map((name) => {
    const own = { id: name, model: `${name}-model`, url: scene[name], retries: 0, concurrency: 64 }
    const http = openAiModel({ ...own, sleep, random: () => 0.5, ...scene.model })
    const price = name === 'small' ? { input: 1, output: 2 } : { input: 10, output: 20 }
    const body = name === 'small' ? scene.body : undefined
    return {
      http,
      served: guarded(
        { name, upstream: `${name}-model`, exchange: (...asked) => http.exchange(...asked), price, body },
        breaker,
      ),
    }
  })
  const [small, large] = models.map(({ served }) => served)
  const keep = { policy: scene.policy ?? sureEnough, alternatives: 0, ...scene.keep }
  const stages: ServedStage[] = [{ model: small, keep }, { model: large }]
  const defaults = { mode: 'buffer', fallback: false, severalAnswers: 'large', policyHash: 'abc' } as const
  const cascade: ServedCascade = { name: 'cascade', stages, ...defaults, ...scene.cascade }
  const told = { records: [] as DecisionRecord[], notices: [] as string[], faults: [] as unknown[] }
  let ids = 0
  const gateway = gatewayOf(
    { cascades: [cascade], models: [small, large], keys: scene.keys ?? [] },
    {
      limits: { ...LIMITS, ...scene.limits },
      forward: [],
      now: () => performance.now(),
      clock: Date.now,
      newId: () => `id-${ids++}`,
      onRecord: (record) => told.records.push(record),
      onNotice: (text) => told.notices.push(text),
      onFault: (error) => told.faults.push(error),
      ...scene.options,
    },
  )
  const times = { headersTimeoutMs: 10_000, requestTimeoutMs: 60_000, idleTimeoutMs: scene.idleTimeoutMs }
  const server = nodeServer(gateway, { ...times, onFault: (error) => told.faults.push(error) })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = async () => {
    server.close()
    server.closeAllConnections()
    for (const { http } of models) await http.close()
  }
  onTestFinished(stop)
  const connections = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
    )
  return {
    ...clientOf(origin),
    connections,
    origin,
    gateway,
    ...told,
    slept,
    small,
    stop,
    drain: (mostMs = 10_000) => drain(server, gateway, mostMs),
  }
}

const LIMITS: GatewayLimits = {
  places: 64,
  queue: 64,
  waitMs: 10_000,
  bodyBytes: 2 ** 20,
  deadlineMs: 20_000,
  keepaliveMs: 10_000,
}
