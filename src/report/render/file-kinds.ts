/** Kinds of files that a figure is written as, by the end of their names. */
export const fileKinds = ['svg', 'png', 'pdf'] as const
/** One of `fileKinds`. */
export type FileKind = (typeof fileKinds)[number]
