import { DuckDBInstance } from '@duckdb/node-api'
import { openDuckDb } from '../../../src/data/engines/duckdb.ts'
import { engineContract } from '../../support/engine-contract.ts'
import { file, inFolder, jsonl } from '../../support/files.ts'

let files = 0
/** Rows as a Parquet file, by way of JSON. */
async function parquet(rows: Record<string, unknown>[]): Promise<string> {
  const [from, to] = [file(`rows-${files}.jsonl`, jsonl(...rows)), inFolder(`rows ${files++}'s.parquet`)]
  const db = await DuckDBInstance.create(':memory:')
  const connection = await db.connect()
  await connection.run(
    `COPY (SELECT * FROM read_json('${from}', sample_size = -1)) TO '${to.replaceAll("'", "''")}' (FORMAT parquet)`,
  )
  connection.closeSync()
  db.closeSync()
  return to
}

engineContract('DuckDB on Parquet', async (rows, options) => openDuckDb(await parquet(rows), options))
engineContract('DuckDB on JSONL', async (rows, options) =>
  openDuckDb(file(`plain-${files++}.jsonl`, jsonl(...rows)), options),
)
