/** A stream with an item a chunk: it reads only what is pulled, and cancelling it leaves the loop. */
export function pulledStream<T>(items: AsyncIterator<T, unknown>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const next = await items.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await items.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
