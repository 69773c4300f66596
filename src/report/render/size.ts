/** CSS pixels, and PDF's points, to an inch. */
export const PIXELS_PER_INCH = 96
export const POINTS_PER_INCH = 72

/** A figure's size on paper. */
export interface Inches {
  width: number
  height: number
}
