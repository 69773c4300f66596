/** How far a value lies on the way from `low`, 0, to `high`, 1; the two differ. */
export const shareBetween = (low: number, high: number, value: number): number =>
  high - low < Infinity ? (value - low) / (high - low) : (value / 2 - low / 2) / (high / 2 - low / 2) // high - low can overflow
