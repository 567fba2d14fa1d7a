import type { Values } from "../../../provider/resource/values.ts";
import type { CitusSimulator } from "../../../simulators/citus.ts";
import { formation as subject } from "../../citus/subjects.ts";
import { type Declared, Late, Reference } from "../lifecycle/program.ts";
import { stem } from "../lifecycle/system.ts";
import type { Rows } from "./row.ts";

function formation(change: Values = {}): Declared {
  return { type: "Formation", properties: { ...subject.inputs, ...change } };
}

function idOf(citus: CitusSimulator, name: string): string {
  const found = [...citus.formations.values()].find((one) => stem(one.name) === name);
  if (!found) throw new Error(`there is no formation ${name}`);
  return found.id;
}

const lost = "the new formation starts EMPTY, and the old one is destroyed with its data";

/** The rules of formations. */
export const formationRows: Rows = {
  resharded: {
    change: "tune, disk size, worker count, HA, name or region **changed in the program**",
    before: formation(),
    after: formation({ workerCount: 4, workerHa: true }),
    op: "replace",
    order: "new first",
    effect: "data loss",
    says: lost,
  },
  unreadFlag: {
    change: "`allowDuplicateName`",
    before: formation(),
    after: formation({ allowDuplicateName: true }),
  },
  namedFormation: {
    change: "a replacement that keeps an explicit `name`",
    before: formation({ name: "analytics" }),
    after: formation({ name: "analytics", coordinatorDiskSize: 1024 }),
    op: "replace",
    order: "new first",
    effect: "data loss",
    says: lost,
  },
  newFormation: { after: formation(), op: "create", effect: "none" },
  removedFormation: {
    before: formation(),
    op: "delete",
    effect: "data loss",
    says: "the formation is destroyed with its data",
  },
};

/** The rules of every resource that a formation shows. */
export const commonFormationRows: Rows = {
  pending: {
    change: "a creation or change that has not ended",
    between: formation(),
    hindrance: ({ citus }) =>
      citus.order({
        method: "GET",
        path: /^\/api\/v1\/formations\/\w+$/,
        kind: { type: "status", status: 403, body: { message: "No access." } },
      }),
    meanwhile: ({ citus }) => citus.setState(idOf(citus, "pending"), "converging"),
    after: formation(),
    op: "update",
    effect: "in place",
    says: 'resumes waiting until it is ready (state "converging")',
  },
  resized: {
    change: "**drift of a property that only a replacement can change**",
    before: formation(),
    meanwhile: ({ citus }) => citus.resize(idOf(citus, "resized"), { worker_count: 6 }),
    after: formation(),
    says: "workerCount is 6 on the server but 2 in the program",
  },
  undecidedTune: {
    change: "a replace-only property whose new value is not known yet",
    before: formation(),
    after: formation({ region: new Late("us-east-1", new Reference("resharded", "createdAt")) }),
    op: "replace",
    order: "new first",
    effect: "data loss",
    says: "treated as a replacement until the value is known",
  },
};
