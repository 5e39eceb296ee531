/** Locks the identity after a while without use. What a person does counts, not what goes on by itself. */

export class Idle {
  readonly #onIdle: () => void;
  #minutes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  get minutes(): number {
    return this.#minutes;
  }

  /** @param minutes 0 for never. */
  set(minutes: number): void {
    this.#minutes = minutes;
    this.touch();
  }

  /** A person uses the application: the time begins anew. */
  touch(): void {
    clearTimeout(this.#timer);
    if (this.#minutes === 0) return;
    this.#timer = setTimeout(this.#onIdle, this.#minutes * 60_000);
    // Waiting to lock must not keep a finished thread alive.
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
