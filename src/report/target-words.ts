import type { Target } from '../core/sweep/target.ts'
import { number } from './text-table.ts'

/** A target in words. */
export function targetWords(target: Target): string {
  if ('minQuality' in target) return `mean quality at least ${number(target.minQuality)}`
  if ('maxQualityLoss' in target)
    return `mean quality at most ${number(target.maxQualityLoss)} below always calling the large model`
  if ('maxCost' in target) return `mean cost at most ${number(target.maxCost)}`
  if ('qualityMinusCost' in target) return `the highest quality − ${number(target.qualityMinusCost)} × cost`
  return 'the highest Δibc'
}

/** A target under its file names. */
export function targetFields(target: Target) {
  if ('minQuality' in target) return { min_quality: target.minQuality }
  if ('maxQualityLoss' in target) return { max_quality_loss: target.maxQualityLoss }
  if ('maxCost' in target) return { max_cost: target.maxCost }
  if ('qualityMinusCost' in target) return { maximize: 'quality-minus-cost', lambda: target.qualityMinusCost }
  return { maximize: 'delta-ibc' }
}
