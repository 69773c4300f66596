import { resolve } from 'node:path'
import { expand } from '../config/expand.ts'
import type { AuditRecord } from '../audits/record.ts'
import type { ServeConfig } from '../config/serve-schema.ts'
import { growingTable } from '../data/engines/clickhouse-table.ts'
import { clickhouseLog } from '../gateway/clickhouse-log.ts'
import { decisionLog, type DecisionLog, type RecordLog } from '../gateway/decision-log.ts'

const PLACE = 'serve.log.clickhouse'

/**
 * The decision log that a configuration describes: files, a table of ClickHouse, or both.
 * @throws SpillwayError `usage` where a password is not in the environment, or a package is absent
 */
export async function openLog(
  { log = {} }: ServeConfig,
  folder: string,
  env: NodeJS.ProcessEnv,
  onNotice: (text: string) => void,
): Promise<DecisionLog | undefined> {
  if (log === false) return undefined
  const logs: DecisionLog[] = []
  if (log.clickhouse !== undefined) {
    const { url, password } = split(log.clickhouse)
    const secret = password === undefined ? env.CLICKHOUSE_PASSWORD : expand(password, env, PLACE)
    const named = { ...env, CLICKHOUSE_PASSWORD: secret }
    logs.push(clickhouseLog(await growingTable(expand(url, env, PLACE), named), { onNotice }))
  }
  const { clickhouse, texts: _, ...files } = log
  if (clickhouse === undefined || Object.keys(files).length > 0)
    logs.push(decisionLog({ ...placeOf(log, folder), onNotice }))
  return logs.length === 1 ? logs[0] : together(logs)
}

/** The audit log, which is always in files: beside the decision log where that is, too. */
export const auditLog = (
  { log = {} }: ServeConfig,
  folder: string,
  onNotice: (text: string) => void,
): RecordLog<AuditRecord> => decisionLog({ ...placeOf(log || {}, folder), name: 'audits', onNotice })

const placeOf = (
  { folder: own, file_mb: fileMb = 100, files = 20 }: Exclude<ServeConfig['log'], false | undefined>,
  folder: string,
) => ({
  // Paths of a configuration start at its folder.
  folder: own === undefined ? 'decisions' : resolve(folder, own),
  fileMb,
  files,
})

/** The name of the password's variable apart, so that no character of it can be taken for a part of the address. */
function split(address: string): { url: string; password?: string } {
  const found = /^(\w+:\/\/[^/@:]*):(\$\{\w+\})@(.*)$/.exec(address)
  return found === null ? { url: address } : { url: `${found[1]}@${found[3]}`, password: found[2] }
}

const together = (logs: readonly DecisionLog[]): DecisionLog => ({
  write: (record) => logs.forEach((log) => log.write(record)),
  dropped: () => logs.reduce((sum, log) => sum + log.dropped(), 0),
  close: async () => void (await Promise.all(logs.map((log) => log.close()))),
})
