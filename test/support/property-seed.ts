import fc from 'fast-check'

/**
 * Properties are tried on the same values in every run, so that a commit passes or does not, whenever it is tested.
 * `npm run test:explore` looks for new counterexamples: values by chance, and ten times as many.
 */
const isExploring = process.env.SPILLWAY_EXPLORE !== undefined

fc.configureGlobal(isExploring ? { numRuns: 1_000 } : { seed: 20_260_101 })
