/**
 * Questions of which only the last one counts, one at a time: while one is being answered, the newest of those that came
 * meanwhile waits, and those between are left out.
 */
export class Latest<Question> {
  #running = false
  #waiting: { question: Question } | null = null
  readonly #answer: (question: Question) => Promise<void>

  /** @param answer must not throw */
  constructor(answer: (question: Question) => Promise<void>) {
    this.#answer = answer
  }

  ask(question: Question): void {
    this.#waiting = { question }
    if (!this.#running) void this.#run()
  }

  /** Whether another question has come meanwhile. */
  get waiting(): boolean {
    return this.#waiting !== null
  }

  async #run(): Promise<void> {
    this.#running = true
    for (let next = this.#waiting; next; next = this.#waiting) {
      this.#waiting = null
      await this.#answer(next.question)
    }
    this.#running = false
  }
}
