import type { RoutedIntervals } from '../../core/intervals/policy-intervals.ts'
import { describePolicy } from '../../core/policy/describe.ts'
import type { CompareResult } from '../../core/tune/compare.ts'
import type { TuneResult } from '../../core/tune/tune.ts'
import { valueWithRange } from './columns.ts'
import type { PolicyFigure } from './figure-data.ts'

/** What a tuning offers, on the report part; of a family that was certified, the policy that was. */
export const tunedPolicies = ({ candidates, chosen }: TuneResult): PolicyFigure[] =>
  candidates.flatMap((candidate): PolicyFigure[] => {
    const { name, selected, heldOut, certification } = candidate
    if (selected === undefined || heldOut === undefined) return []
    const { policy } = selected
    const promise = certification && (certification.certified === undefined ? 'not-certified' : 'certified')
    return [
      {
        name,
        rule: describePolicy(policy),
        policy,
        ...(promise === undefined ? {} : { promise }),
        ...(candidate === chosen ? { chosen: true } : {}),
        heldOut: heldOutOf(heldOut),
      },
    ]
  })

/** The policies of a comparison: the one chosen on all rows, with what its family gives on rows held out. */
export const comparedPolicies = ({ policies }: CompareResult): PolicyFigure[] =>
  policies.flatMap(({ family, inSample, crossFitted }): PolicyFigure[] =>
    inSample === undefined
      ? []
      : [
          {
            name: family.name,
            rule: describePolicy(inSample.policy),
            policy: inSample.policy,
            heldOut: heldOutOf(crossFitted),
          },
        ],
  )

function heldOutOf({ point, estimates }: RoutedIntervals): PolicyFigure['heldOut'] {
  const { saving, deltaIbc } = estimates
  const savingValue = valueWithRange(saving)
  return {
    quality: { ...valueWithRange(estimates.quality), value: point.quality },
    cost: { ...valueWithRange(estimates.cost), value: point.cost },
    keptShare: { ...valueWithRange(estimates.keptShare), value: point.keptShare },
    ...(savingValue.value === undefined ? {} : { saving: { ...savingValue, value: savingValue.value } }),
    deltaIbc: valueWithRange(deltaIbc),
  }
}
