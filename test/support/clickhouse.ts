import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { freePort } from './workers-server.ts'

/** True where Debian's ClickHouse, or another, is installed; as root `apt-get install clickhouse-server` does that. */
export const haveClickHouse = spawnSync('clickhouse-server', ['--version'], { stdio: 'ignore' }).error === undefined
if (!haveClickHouse) process.stderr.write('clickhouse-server is not installed: tests against ClickHouse are skipped\n')

interface Ports {
  http: number
  tcp: number
}

/** Two servers on loopback, which know each other as the shards of one cluster, `pair`. */
export interface ClickHousePair {
  version: string
  /** `127.0.0.1:8123` of the first. */
  host: string
  clients: [ClickHouseClient, ClickHouseClient]
  /** Ends the first at once, as a machine that goes down does. */
  down(): Promise<void>
  /** Starts it again, with the tables it had. */
  up(): Promise<void>
  stop(): Promise<void>
}

export const PASSWORD = 'kept secret'

export async function clickHousePair(): Promise<ClickHousePair> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-clickhouse-'))
  const ports: Ports[] = []
  for (let i = 0; i < 2; i++) ports.push({ http: await freePort(), tcp: await freePort() })
  const children = ports.map((_, i) => start(join(folder, String(i)), i, ports))
  const clients = ports.map(({ http }) =>
    createClient({
      url: `http://127.0.0.1:${http}`,
      username: 'analyst',
      password: PASSWORD,
      log: { level: ClickHouseLogLevel.OFF },
    }),
  ) as [ClickHouseClient, ClickHouseClient]
  async function stop(): Promise<void> {
    for (const client of clients) await client.close()
    for (const child of children) child.kill('SIGKILL')
    await wait(50)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    for (const client of clients) await answers(client, children)
    const version = (await textOf(clients[0], 'SELECT version()')).trim()
    const down = async () => {
      children[0].kill('SIGKILL')
      if (children[0].exitCode === null && children[0].signalCode === null) await once(children[0], 'exit')
    }
    const up = async () => {
      children[0] = start(join(folder, '0'), 0, ports)
      await answers(clients[0], children)
    }
    return { version, host: `127.0.0.1:${ports[0].http}`, clients, down, up, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

export async function textOf(client: ClickHouseClient, query: string): Promise<string> {
  return (await client.query({ query, format: 'TabSeparated' })).text()
}

async function answers(client: ClickHouseClient, children: readonly ChildProcess[]): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (children.some(({ exitCode }) => exitCode !== null)) throw new Error('clickhouse-server ended at once')
    const { success } = await client.ping()
    if (success) return
    await wait(100)
  }
  throw new Error('clickhouse-server does not answer')
}

function start(folder: string, self: number, ports: readonly Ports[]): ChildProcess {
  mkdirSync(folder, { recursive: true })
  const shard = ({ tcp }: Ports) =>
    `<shard><replica><host>127.0.0.1</host><port>${tcp}</port><user>analyst</user><password>${PASSWORD}</password></replica></shard>`
  writeFileSync(
    join(folder, 'config.xml'),
    `<yandex>
  <logger><level>error</level><log>${folder}/log</log><errorlog>${folder}/errors</errorlog></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${ports[self].http}</http_port><tcp_port>${ports[self].tcp}</tcp_port>
  <path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path><format_schema_path>${folder}/schemas/</format_schema_path>
  <users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
  <query_log><database>system</database><table>query_log</table><flush_interval_milliseconds>100</flush_interval_milliseconds></query_log>
  <mark_cache_size>67108864</mark_cache_size><uncompressed_cache_size>67108864</uncompressed_cache_size>
  <remote_servers><pair>${ports.map(shard).join('')}</pair></remote_servers>
</yandex>`,
  )
  writeFileSync(
    join(folder, 'users.xml'),
    `<yandex>
  <profiles><default><max_threads>2</max_threads><log_queries>1</log_queries></default></profiles><quotas><default></default></quotas>
  <users><analyst><password>${PASSWORD}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></analyst></users>
</yandex>`,
  )
  return spawn('clickhouse-server', [`--config-file=${folder}/config.xml`], { stdio: 'ignore', cwd: folder })
}
