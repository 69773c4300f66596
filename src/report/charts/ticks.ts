/** Round numbers inside a domain, about `count` of them; steps are 1, 2 or 5 times a power of ten. */
export function roundTicks([low, high]: readonly [number, number], count: number): number[] {
  const step = roundStep((high - low) / Math.max(1, count))
  const decimals = decimalsOf(step)
  const first = Math.ceil(low / step - 1e-9)
  const ticks = Math.floor(high / step + 1e-9) - first + 1
  // Between numbers that are as good as equal there is no round one.
  if (!(ticks >= 0 && ticks <= 3 * Math.max(1, count) + 3 && Number.isSafeInteger(first))) return []
  return Array.from({ length: ticks }, (_, i) => Number(((first + i) * step).toFixed(decimals)))
}

/** The round step nearest to one, by ratio. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  const ratio = step / power
  return power * (ratio >= Math.sqrt(50) ? 10 : ratio >= Math.sqrt(10) ? 5 : ratio >= Math.sqrt(2) ? 2 : 1)
}

/** How many decimals tell multiples of a step apart. */
export const decimalsOf = (step: number): number => Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))
