export type Priority = "read" | "write";
/** placeholder */
export class BudgetExceeded extends Error {}
export class RateBudget {
  async take(
    _signal?: AbortSignal,
    _priority?: Priority,
    _options?: { deadline?: number; onWait?: (text: string) => void },
  ): Promise<void> {}
  async refused(_retryAfterMs: number): Promise<void> {}
}
