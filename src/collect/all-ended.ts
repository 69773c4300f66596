/** Waits until all have ended, whichever way, so that nothing goes on behind an error; then the first error is thrown. */
export async function allEnded<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}
