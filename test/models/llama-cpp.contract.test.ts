import { openTiny } from '../support/tiny-pair.ts'
import { modelContract } from './contract.ts'

modelContract('a local GGUF file keeps the contract', async () => ({
  model: await openTiny('small'),
  prompt: 'sort 8352917=',
  alternatives: 5,
}))
