/** What an expression of a workflow can refer to: `github`, `matrix`, `needs` … */
export type Contexts = Readonly<Record<string, unknown>>;

/** How the job stands when the condition of a step, or of a job, is looked at. */
export interface Standing {
  /** Whether something before it failed. */
  failed: boolean;
}

/**
 * A value in a workflow with its expressions filled in, as GitHub does.
 *
 * @throws Error when an expression is more than these workflows are known to need
 */
export function fill(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    asText(evaluate(expression.trim(), contexts, { failed: false })),
  );
}

/** Whether a job or a step with that `if` runs: without a status function, only where nothing failed. */
export function holds(
  condition: string | undefined,
  contexts: Contexts,
  standing: Standing,
): boolean {
  if (condition === undefined) return !standing.failed;
  const expression = condition.replace(/^\$\{\{(.*)\}\}$/, "$1").trim();
  const hasStatus = /\b(always|cancelled|success|failure)\(\)/.test(expression);
  if (!hasStatus && standing.failed) return false;
  return Boolean(evaluate(expression, contexts, standing));
}

function evaluate(expression: string, contexts: Contexts, standing: Standing): unknown {
  const both = expression.split(" && ");
  if (both.length > 1) return both.every((one) => evaluate(one, contexts, standing));
  const [left = "", right] = expression.split(" == ");
  if (right !== undefined) {
    return evaluate(left, contexts, standing) === evaluate(right, contexts, standing);
  }
  if (left.startsWith("!")) return !evaluate(left.slice(1), contexts, standing);
  if (left === "cancelled()") return false;
  if (left === "always()") return true;
  if (left === "failure()") return standing.failed;
  if (/^'[^']*'$/.test(left)) return left.slice(1, -1);
  if (!/^[\w-]+(\.[\w-]+)+$/.test(left)) throw new Error(`not known here: ${expression}`);
  return lookUp(left, contexts);
}

/** What a path leads to; a name that is not there is null, but a context that is not there is a mistake. */
function lookUp(path: string, contexts: Contexts): unknown {
  const [first = "", ...names] = path.split(".");
  if (!Object.hasOwn(contexts, first)) throw new Error(`there is no context ${first} here`);
  let value: unknown = contexts[first];
  for (const name of names) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  }
  return value ?? null;
}

function asText(value: unknown): string {
  return value === null ? "" : String(value);
}
