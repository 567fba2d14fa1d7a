import type { Values } from "../../../provider/resource/values.ts";
import { type Declared, Late, Reference } from "../lifecycle/program.ts";
import type { Refusal, Rows, Systems } from "./row.ts";

/** The ID of the app whose program changes from its name to it. */
export const appId = "2f1d8a52-7c60-4f0b-9a52-3b7a3c1c6f01";

/** The space whose sizes the server spells with `-prod`. */
export const secureSpace = "secure";

function formation(app: string, change: Values = {}): Declared {
  const web = { type: "web", size: "gp1", quantity: 1 };
  const space = app.includes("-") ? app : `${app}-default`;
  return { type: "AppFormation", properties: { app: space, ...web, ...change } };
}

const worker = { type: "worker", command: "node worker.js" };
const job = { type: "job", command: "node job.js", oneoff: true };
const environment = (MODE: string) => ({
  image: "jobs:1.2",
  env: { MODE, TOKEN: "env-secret-51c0" },
});
const redeployed = "Akkeris then redeploys every formation of the app";

/** The server has a size of that name, whichever the program asked. */
function resizing(app: string, size: string) {
  return ({ akkeris }: Systems) => {
    const row = akkeris.formation(app, "web");
    if (row) row.size = size;
  };
}

const updates: Rows = {
  respelt: {
    change: "`size` changed in the program between `gp2` and the server's own `gp2-prod`",
    before: formation("respelt-secure", { size: "gp2" }),
    after: formation("respelt-secure", { size: "gp2-prod" }),
    says: 'size "gp2-prod" is treated as equal to "gp2" and kept',
  },
  speltByServer: {
    change: "`size` `gp2` while the server says `gp2-prod`",
    before: formation("speltByServer-secure", { size: "gp3" }),
    early: resizing("speltByServer-secure", "gp2-prod"),
    between: formation("speltByServer-secure", { size: "gp2" }),
    after: formation("speltByServer-secure", { size: "gp2" }),
  },
  redeployed: {
    change: "`size`, `port`, `command` or `healthcheck` set or changed",
    before: formation("redeployed"),
    after: formation("redeployed", { size: "gp2", port: 8080, command: "node web.js" }),
    op: "update",
    effect: "redeployment",
    says: redeployed,
  },
  scaledFromZero: {
    change: "`quantity` from 0",
    before: formation("scaledFromZero", { quantity: 0 }),
    after: formation("scaledFromZero", { quantity: 2 }),
    op: "update",
    effect: "in place",
    says: "quantity is 0 on the server: this starts 2 instances",
  },
  scaled: {
    change: "`quantity`",
    before: formation("scaled", { quantity: 2 }),
    after: formation("scaled", { quantity: 3 }),
    op: "update",
    effect: "in place",
    says: "instances start or stop, and nothing is redeployed",
  },
  commandCleared: {
    change: "`command` of a `web`, or `healthcheck`, removed from the program",
    before: formation("commandCleared", { command: "node web.js", healthcheck: "/health" }),
    after: formation("commandCleared"),
    op: "update",
    effect: "redeployment",
    says: redeployed,
  },
};

const replacements: Rows = {
  rehomed: {
    change: "`app`, `type`",
    before: formation("rehomed", worker),
    after: formation("rehomed", { ...worker, type: "mailer" }),
    op: "replace",
    order: "new first",
    effect: "deletion",
    says: "the formation starts in its new place, and ends in the old one",
  },
  rerun: {
    change: "`oneoff`, `options`",
    before: formation("rerun", { ...job, options: environment("old-mode-8d2f") }),
    after: formation("rerun", { ...job, options: environment("new-mode-4b7e") }),
    op: "replace",
    order: "old first",
    effect: "interruption",
    says: "the formation is deleted and created again",
  },
};

/** The rules of app formations. */
export const appFormationRows: Rows = {
  ...updates,
  ...replacements,
  newApp: { after: formation("newApp"), op: "create", effect: "redeployment", says: redeployed },
  removedApp: {
    before: formation("removedApp"),
    op: "delete",
    effect: "deletion",
    says: "its processes stop, and Akkeris redeploys every other formation of the app",
  },
};

/** The rules of every resource that an app formation shows. */
export const commonAppFormationRows: Rows = {
  interrupted: {
    change: "a property whose last change was interrupted",
    before: formation("interrupted"),
    between: formation("interrupted", { quantity: 4 }),
    hindrance: ({ akkeris }) =>
      akkeris.failRegion({ app: "interrupted-default", call: "scale", times: 3 }),
    after: formation("interrupted", { quantity: 4 }),
    op: "update",
    effect: "in place",
    says: "the last update was interrupted, so the value is sent again",
  },
  drifted: {
    change: "drift of a property that can be updated",
    before: formation("drifted", { healthcheck: "/health" }),
    meanwhile: ({ akkeris }) => akkeris.scale("drifted-default", "web", 5),
    after: formation("drifted", { healthcheck: "/health" }),
    op: "update",
    effect: "in place",
    says: "instances start or stop, and nothing is redeployed",
  },
  undecidedCheck: {
    change: "another property whose new value is not known yet",
    before: formation("undecidedCheck", { healthcheck: "/health" }),
    after: formation("undecidedCheck", {
      healthcheck: new Late("/health", new Reference("moved", "host")),
    }),
    op: "update",
    effect: "in place",
    says: "treated as an update until the value is known",
  },
  portRemoved: {
    change:
      "an optional input that is removed from the program, unless a rule of the resource says otherwise",
    before: formation("portRemoved", { port: 8080 }),
    after: formation("portRemoved"),
  },
};

/** The rules of app formations that refuse. */
export const appFormationRefusals: Readonly<Record<string, Refusal>> = {
  jobWithoutCommand: {
    change: "`command` of a type other than `web` removed from the program",
    before: formation("jobWithoutCommand", job),
    after: formation("jobWithoutCommand", { ...job, command: undefined }),
    says: "the API can clear only the command of a `web`",
  },
  renamedApp: {
    change: "`app` changed between an app's name and its UUID",
    before: formation("renamedApp"),
    after: formation("renamedApp", { app: appId }),
    says: "keep the spelling that the formation was created with",
  },
};
