/** What a contest is made of, disposed in the opposite order: what Node 20 has no `AsyncDisposableStack` for. */
export class Owned implements AsyncDisposable {
  #parts: (AsyncDisposable | Disposable)[] = [];

  use<T extends AsyncDisposable | Disposable>(part: T): T {
    this.#parts.push(part);
    return part;
  }

  /** Takes everything out of a scope that is left, as it would be disposed there. */
  move(): Owned {
    const moved = new Owned();
    moved.#parts = this.#parts.splice(0);
    return moved;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of this.#parts.splice(0).reverse()) {
      if (Symbol.asyncDispose in part) await part[Symbol.asyncDispose]();
      else part[Symbol.dispose]();
    }
  }
}
