/**
 * A costly request that many callers make: one runs at a time, and callers that come while it runs share the next one. No
 * caller gets the answer to a request that was sent before it came.
 */
export class SharedRequest<Answer> {
  readonly #send: () => Promise<Answer>;
  #next: Promise<Answer> | undefined;
  #running: Promise<void> | undefined;

  constructor(send: () => Promise<Answer>) {
    this.#send = send;
  }

  get(): Promise<Answer> {
    this.#next ??= this.#sendAfter(this.#running);
    return this.#next;
  }

  async #sendAfter(running: Promise<void> | undefined): Promise<Answer> {
    await running;
    this.#next = undefined;
    const answer = this.#send();
    // Nothing of the answer is kept, and a failure is that of its own callers.
    this.#running = answer.then(
      () => undefined,
      () => undefined,
    );
    return answer;
  }
}
