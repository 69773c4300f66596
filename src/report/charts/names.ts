/** What charts are called on the command line; apart from the charts, so that naming them loads no charting library. */
export const figureNames = ['cost-quality', 'threshold', 'calibration', 'benefit', 'signal', 'ibc'] as const
/** One of `figureNames`. */
export type FigureName = (typeof figureNames)[number]
