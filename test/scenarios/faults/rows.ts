import type { Simulator } from "../../../simulators/kit/simulator.ts";
import { subjects } from "../../subjects.ts";
import { Account } from "../../support/account.ts";
import type { Strike, Struck, Subject, Verb } from "../../support/subject.ts";

/** One resource of the matrix, alone on its simulator. */
export interface Row extends Struck {
  /** Its logical name: the resource's type, and where it is struck if not where something changes. */
  name: string;
  subject: Subject;
  simulator: Simulator;
  /** The account that the simulator belongs to. */
  account: Account;
}

/**
 * The rows of the matrix, each with a simulator that has not started. Rows of one system are in
 * different accounts, so that no fault strikes another row than the one that it is ordered for.
 *
 * @param suffix of the names, where a stack has the rows several times
 */
export function matrixRows(suffix = ""): Row[] {
  // A simulated hour, for which keys are remembered, is 3.6 s.
  const speed = 1000;
  const accounts: Account[] = [];
  const row = (subject: Subject, struck: Struck, name: string): Row => {
    const free = accounts.find((one) => !one.has(subject.system));
    const account = free ?? new Account([], speed);
    if (!free) accounts.push(account);
    const simulator = account.add(subject.system);
    return { ...struck, name: `${name}${suffix}`, subject, account, simulator };
  };
  return [
    ...subjects.map((subject) => row(subject, subject.changing, subject.name)),
    ...subjects.flatMap((subject) => {
      return subject.looking ? [row(subject, subject.looking, `${subject.name}-looks`)] : [];
    }),
  ];
}

/**
 * What a verb's fault strikes.
 *
 * @throws Error where the row is not struck at the verb
 */
export function strikeOf({ name, strikes }: Row, verb: Verb): Strike {
  const strike = strikes[verb];
  if (!strike) throw new Error(`${name} is not struck at ${verb}`);
  return strike;
}
