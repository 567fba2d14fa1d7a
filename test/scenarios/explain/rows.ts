import type { Declared, Program } from "../lifecycle/program.ts";
import { scheduleRows, secretRows } from "./antfly-rows.ts";
import {
  appFormationRefusals,
  appFormationRows,
  commonAppFormationRows,
} from "./app-formation-rows.ts";
import { commonFormationRows, formationRows } from "./formation-rows.ts";
import { commonReplicaRows, replicaRefusals, replicaRows } from "./replica-rows.ts";
import type { Refusal, Row, Rows } from "./row.ts";

/** The rows by whose rules they show: a definition's name, or `every resource`. */
export const rowsOf: Readonly<Record<string, Rows>> = {
  Formation: formationRows,
  Replica: replicaRows,
  AppFormation: appFormationRows,
  AntflyBackupSchedule: scheduleRows,
  AntflySecret: secretRows,
  // They refer to others, which have to be declared first.
  "every resource": { ...commonReplicaRows, ...commonFormationRows, ...commonAppFormationRows },
};

/** The rules that refuse, by whose they are. */
export const refusalsOf: Readonly<Record<string, Readonly<Record<string, Refusal>>>> = {
  Replica: replicaRefusals,
  AppFormation: appFormationRefusals,
};

/** All rows, by the resource's name. */
export const rows: Rows = Object.assign({}, ...Object.values(rowsOf));

/** All rules that refuse, by the resource's name. */
export const refusals: Readonly<Record<string, Refusal>> = Object.assign(
  {},
  ...Object.values(refusalsOf),
);

/** The programs, in the order of a stack's life. */
export const programs = {
  first: programOf(rows, ({ before }) => before),
  second: programOf(rows, ({ before, between = before }) => between),
  changed: programOf(rows, ({ after }) => after),
};

/** The programs of a second stack: the first one, and one per change that is refused. */
export const refusedPrograms = {
  first: programOf(refusals, ({ before }) => before),
  refused: (name: string): Program => {
    const { after } = refusals[name] ?? {};
    return { ...refusedPrograms.first, ...(after && { [name]: after }) };
  },
};

function programOf<One extends Row>(
  all: Readonly<Record<string, One>>,
  declared: (row: One) => Declared | undefined,
): Program {
  const program: Record<string, Declared> = {};
  for (const [name, row] of Object.entries(all)) {
    const resource = declared(row);
    if (resource) program[name] = resource;
  }
  return program;
}
