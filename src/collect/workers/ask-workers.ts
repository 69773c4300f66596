import type { Call, CallResult, Role } from '../call.ts'
import { remoteModel } from './queue.ts'
import { connectRedis } from './redis.ts'
import { queueName } from './wire.ts'

export interface AskWorkersOptions {
  /** Of Redis. */
  url: string
  models: Record<Role, { model: { id: string }; identity: string; form: string }>
  /** Names of the signals to compute from an answer's tokens. */
  signals: readonly string[]
  keepTokens: boolean
  /** The flags that open the same model at a worker. */
  flags: Record<Role, string>
  tell: (text: string) => void
}

export interface Workers {
  /** As `ask` makes a call here, at a worker. */
  ask: (call: Call, signal: AbortSignal) => Promise<CallResult>
  close: () => Promise<void>
}

/**
 * Has calls made by whoever runs `spillway worker` at the same Redis with the same models.
 * @throws SpillwayError `usage` where Redis cannot be reached
 */
export async function askWorkers(options: AskWorkersOptions): Promise<Workers> {
  const { url, models, signals, keepTokens, flags, tell } = options
  const link = await connectRedis(url, 'finished calls are kept, and the same command goes on from there')
  const open = (role: Role) =>
    remoteModel(link, {
      name: queueName(role, models[role]),
      model: models[role].model.id,
      onAbsent: () =>
        tell(
          `no worker serves ${models[role].model.id}; start one, on any machine that reaches Redis, with: spillway worker ${link.place} ${flags[role]}`,
        ),
    })
  const remote = { small: await open('small'), large: await open('large') }
  return {
    ask: (call, signal) => remote[call.role].ask({ call, signals, keepTokens }, signal),
    async close() {
      const ends = await Promise.all([remote.small.close(), remote.large.close()])
      await link.close()
      const underWay = ends.reduce((sum, end) => sum + end.underWay, 0)
      if (underWay > 0)
        tell(
          `${underWay} ${underWay === 1 ? 'call is' : 'calls are'} under way at workers; the next run takes up what they give`,
        )
    },
  }
}
