import type { Costs } from '../core/outcomes/costs.ts'

const amount = (value: number | Float64Array) => (typeof value === 'number' ? value : 'per row')

/** Costs under their file names. */
export const costFields = (costs: Costs) => ({
  small: amount(costs.small),
  verify: amount(costs.verify),
  large: amount(costs.large),
  verify_cost: costs.verifyCost,
  unit: costs.counted ? 'large calls' : 'as given',
})
