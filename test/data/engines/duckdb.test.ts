import { openDuckDb } from '../../../src/data/engines/duckdb.ts'
import { engineContract } from '../../support/engine-contract.ts'
import { file, jsonl } from '../../support/files.ts'
import { parquet } from '../../support/parquet.ts'

let files = 0
engineContract('DuckDB on Parquet', async (rows, options) => openDuckDb(await parquet(rows), options))
engineContract('DuckDB on JSONL', async (rows, options) =>
  openDuckDb(file(`plain-${files++}.jsonl`, jsonl(...rows)), options),
)
