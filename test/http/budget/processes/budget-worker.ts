// One process that shares a budget: takes what it gets without waiting, and prints how often.
// Arguments: folder, token, requests per minute, how often to try.
import { BudgetExceeded, RateBudget } from "../../../../provider/http/budget/rate-budget.ts";

async function main([folder, token = "", limit, tries]: string[]): Promise<void> {
  const budget = new RateBudget({
    system: "Test Cloud",
    token,
    requestsPerMinute: Number(limit),
    folder,
    warn: (text) => console.error(text),
  });
  let taken = 0;
  for (let count = 0; count < Number(tries); count += 1) {
    try {
      await budget.take(undefined, "read", { deadline: Date.now() });
      taken += 1;
    } catch (error) {
      if (!(error instanceof BudgetExceeded)) throw error;
    }
  }
  console.log(taken);
}

void main(process.argv.slice(2));
