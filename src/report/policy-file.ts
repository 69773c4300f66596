import { distributionsOf } from '../core/audit/tuned.ts'
import type { Outcomes } from '../core/outcomes/outcomes.ts'
import type { Policy } from '../core/policy/policy.ts'
import { sourcesOf } from '../core/policy/source.ts'
import { shownRange, type Estimate } from '../core/stats/interval.ts'
import type { TuneCandidate, TuneResult } from '../core/tune/tune.ts'
import { costFields } from './cost-fields.ts'
import type { Inputs } from './json.ts'
import { readableJson } from './readable-json.ts'
import { targetFields } from './target-words.ts'

const expectation = (estimate: Estimate) => {
  const range = shownRange(estimate)
  return { value: estimate.value ?? null, interval: range === undefined ? null : [range.low, range.high] }
}

/** Where a policy comes from, and what to expect of it. */
function provenance(
  result: TuneResult,
  chosen: TuneCandidate,
  outcomes: Outcomes,
  inputs: Inputs,
  hashes: readonly (string | null)[],
) {
  const { certification, heldOut } = chosen
  return {
    tuned_on: inputs.files.map((file, i) => ({ file: file.replace(/^.*[\\/]/, ''), sha256: hashes[i] ?? null })),
    rows: result.rows,
    groups: result.groups.count,
    seed: result.seed,
    target: targetFields(result.target),
    confidence: result.confidence,
    certified:
      certification === undefined
        ? null
        : {
            method: certification.method,
            groups: certification.groups,
            max_group_rows: certification.maxGroupRows,
            delta: certification.delta,
          },
    costs: costFields(result.costs),
    models: { small: outcomes.names?.small ?? null, large: outcomes.names?.large ?? null },
    family: chosen.name,
    expected:
      heldOut === undefined
        ? null
        : {
            rows: result.parts.report.rows,
            groups: result.parts.report.groups,
            quality: expectation(heldOut.estimates.quality),
            cost: expectation(heldOut.estimates.cost),
            kept_share: expectation(heldOut.estimates.keptShare),
          },
    // What a gateway holds its traffic against.
    distributions: distributionsOf(outcomes, chosen.selected!.policy),
  }
}

/** The chosen policy as the text of its file, with the definition of its signals and its provenance. */
export function policyFile(
  result: TuneResult,
  outcomes: Outcomes,
  inputs: Inputs,
  hashes: readonly (string | null)[],
): string {
  const chosen = result.chosen!
  const policy: Policy = {
    ...chosen.selected!.policy,
    signals: sourcesOf(outcomes, chosen.selected!.policy),
    provenance: provenance(result, chosen, outcomes, inputs, hashes),
  }
  return readableJson(policy)
}
