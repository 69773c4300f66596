/** What a column says of one of any number of models: `models.llama-3.1-8b.quality`. */
export interface ModelPart {
  model: string
  what: 'quality' | 'cost' | 'answer' | 'signal'
  /** The signal's name, where it is one. */
  signal?: string
}

/** A model's name may hold dots, so the last part is the field; what no field of a model's is called: `undefined`. */
export function modelPartOf(path: string): ModelPart | undefined {
  const signal = /^models\.(.+?)\.signals\.(.+)$/.exec(path)
  if (signal !== null) return { model: signal[1], what: 'signal', signal: signal[2] }
  const plain = /^models\.(.+)\.(quality|cost|answer)$/.exec(path)
  return plain === null ? undefined : { model: plain[1], what: plain[2] as 'quality' | 'cost' | 'answer' }
}

/** Whether an object at a path, found inside another, may hold fields of models. */
export const holdsModels = (path: string, parent: string, value: unknown): boolean =>
  typeof value === 'object' &&
  !Array.isArray(value) &&
  (path === 'models' || parent === 'models.' || /^models\..+\.signals$/.test(path))
