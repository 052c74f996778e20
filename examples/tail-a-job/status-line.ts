const clearLine = '\r\u001b[2K';

/** Prints lines, and on a terminal keeps one live line of status below them. */
export class StatusLine {
  readonly #stream: NodeJS.WriteStream;
  #status = '';

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  print(line: string): void {
    this.#clear();
    this.#stream.write(`${line}\n`);
    this.#draw();
  }

  set(status: string): void {
    this.#clear();
    // Cut to the width: a status that wraps could not be cleared again.
    this.#status = [...status.replaceAll(/\s/g, ' ')].slice(0, (this.#stream.columns || 80) - 1).join('');
    this.#draw();
  }

  #clear(): void {
    if (this.#stream.isTTY && this.#status) this.#stream.write(clearLine);
  }

  #draw(): void {
    if (this.#stream.isTTY) this.#stream.write(this.#status);
  }
}
