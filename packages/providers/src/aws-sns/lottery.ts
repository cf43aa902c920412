/** How many jobs may run and wait at a time. */
export interface LotteryLimits {
  readonly maxRunning: number;
  readonly maxWaiting: number;
  /** From 0 to below 1. Default: `Math.random`. */
  readonly random?: () => number;
}

interface Waiter {
  readonly start: () => void;
  readonly giveWay: () => void;
}

/**
 * Runs a few jobs at a time. Which of those that wait runs next is drawn by lot, and so is which one goes when there are
 * too many: with a queue, whoever asks most often would push all others out.
 */
export class Lottery {
  readonly #limits: Required<LotteryLimits>;
  readonly #waiting: Waiter[] = [];
  #running = 0;

  constructor({ maxRunning, maxWaiting, random = Math.random }: LotteryLimits) {
    this.#limits = { maxRunning, maxWaiting, random };
  }

  /** Runs a job when its turn comes. Rejects with `tooMany` when the lot takes it out, and it has then not been started. */
  async run<Value>(job: () => Promise<Value>, tooMany: () => Error): Promise<Value> {
    if (this.#running >= this.#limits.maxRunning) await this.#wait(tooMany);
    else this.#running++;
    try {
      return await job();
    } finally {
      // The place goes from hand to hand, so that nobody who comes in between takes it.
      const next = this.#draw();
      if (next === undefined) this.#running--;
      else next.start();
    }
  }

  #wait(tooMany: () => Error): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ start: resolve, giveWay: () => reject(tooMany()) });
      if (this.#waiting.length > this.#limits.maxWaiting) this.#draw()?.giveWay();
    });
  }

  #draw(): Waiter | undefined {
    const [drawn] = this.#waiting.splice(Math.floor(this.#limits.random() * this.#waiting.length), 1);
    return drawn;
  }
}
