/**
 * A stream of what a generator gives, one item for each that is asked for: nothing is read ahead of who listens.
 * @param leave called where nobody reads on, before the generator is let go of
 */
export const streamFrom = <T>(items: AsyncGenerator<T>, leave = () => {}): ReadableStream<T> =>
  new ReadableStream<T>(
    {
      async pull(controller) {
        const { done, value } = await items.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        leave()
        await items.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
