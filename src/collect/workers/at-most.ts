/** Waits for work at the end of a connection, which may have no end itself; that it fails is no news there. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
  try {
    await Promise.race([work, late])
  } catch {
  } finally {
    clearTimeout(timer)
  }
}
