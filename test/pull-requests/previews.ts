const project = "shop";

function urn(stack: string, type: string, name: string): string {
  return `urn:pulumi:${stack}::${project}::${type}::${name}`;
}

const formation = {
  region: "us-east-1",
  coordinatorTune: "r5.large",
  coordinatorDiskSize: 256,
  coordinatorHa: false,
  workerTune: "r5.large",
  workerDiskSize: 256,
  workerCount: 2,
  workerHa: false,
};

/** The step of the root stack, which every preview has. */
function root(stack: string) {
  const type = "pulumi:pulumi:Stack";
  return { op: "same", urn: urn(stack, type, `${project}-${stack}`) };
}

/** A preview in which nothing changes. */
export function unchanged(stack: string): string {
  return text({ steps: [root(stack)], changeSummary: { same: 2 } });
}

/** A preview that replaces a formation, which loses its data. */
export function losing(stack: string, workerCount = 3): string {
  const [type, name] = ["formations:index:Formation", "events"];
  const common = { urn: urn(stack, type, name), type, custom: true };
  const outputs = { ...formation, state: "Active", formationId: "f1" };
  const step = {
    ...{ op: "replace", urn: common.urn },
    oldState: { ...common, id: "f1", inputs: formation, outputs },
    newState: { ...common, inputs: { ...formation, workerCount } },
    replaceReasons: ["workerCount"],
    detailedDiff: { workerCount: { kind: "update-replace", inputDiff: false } },
  };
  return text({ steps: [root(stack), step], changeSummary: { replace: 1, same: 1 } });
}

/** A preview that doubles an app formation's processes, of the size gp1. */
export function growing(stack: string): string {
  const [type, name] = ["formations:index:AppFormation", "web"];
  const common = { urn: urn(stack, type, name), type, custom: true, id: "shop/web" };
  const inputs = { app: "shop", type: "web", size: "gp1", quantity: 1 };
  const step = {
    ...{ op: "update", urn: common.urn },
    oldState: { ...common, inputs, outputs: inputs },
    newState: {
      ...common,
      inputs: { ...inputs, quantity: 2 },
      outputs: { ...inputs, quantity: 2 },
    },
    detailedDiff: { quantity: { kind: "update", inputDiff: false } },
  };
  return text({ steps: [root(stack), step], changeSummary: { update: 1, same: 1 } });
}

/** A preview that failed, and says why. */
export function failing(stack: string, message: string): string {
  const diagnostics = [{ severity: "error", message }];
  return text({ steps: [root(stack)], diagnostics, changeSummary: {} });
}

/** A preview in the engine's other form, an event per line, which a mandatory policy refused. */
export function refusedByPolicy(stack: string): string {
  const { urn } = root(stack);
  const policy = { policyPackName: "databases", policyName: "ha", enforcementLevel: "mandatory" };
  const state = { urn, type: "pulumi:pulumi:Stack" };
  const metadata = { op: "same", urn, type: state.type, old: state, new: state };
  const events = [
    { resourcePreEvent: { metadata, planning: true } },
    { policyEvent: { ...policy, resourceUrn: urn, message: "production needs standbys" } },
    { summaryEvent: { isPreview: true, result: "failed", resourceChanges: { same: 1 } } },
  ];
  const lines = events.map((event, sequence) =>
    JSON.stringify({ sequence, timestamp: 1, ...event }),
  );
  return lines.map((line) => `${line}\n`).join("");
}

function text(digest: object): string {
  return `${JSON.stringify(digest, null, 4)}\n`;
}
