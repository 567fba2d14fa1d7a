import { describe, expect, test } from "vitest";
import { decode, read } from "../../../cli/explain/input/read.ts";
import {
  explained,
  explainedText,
  type Form,
  forms,
  saidIn,
  stepOf,
  textOf,
  urnOf,
} from "./previews.ts";

const change = {
  ...{ type: "AppFormation", op: "update" },
  applied: { app: "shop-default", type: "web", size: "gp1", quantity: 1 },
  desired: { app: "shop-default", type: "web", size: "gp2", quantity: 1 },
};
const step = stepOf(change);
const message = "it is late";
const rest = {
  diagnostics: [
    { severity: "warning", message: `<{%fg 3%}>${message}<{%reset%}>\n`, urn: step.urn },
    { severity: "debug", message: "Registering resource" },
    { severity: "info", message: "<{%fg 3%}><{%reset%}>\n" },
  ],
  counts: { update: 1, same: 1 },
};

/** What is wrong with a text, for a file of this name. */
function wrong(text: string): string {
  try {
    read(text, "dev.json");
  } catch (error) {
    expect(error).toMatchObject({ code: "UNREADABLE_PREVIEW" });
    return (error as Error).message;
  }
  throw new Error("it was read");
}

describe.each(forms)("the %s", (form) => {
  const text = textOf([step], form, rest);

  test("is recognised, with project, stack, steps, messages without colours, and counts", () => {
    expect(read(text, "dev.json")).toMatchObject({
      ...{ source: "dev.json", project: "shop", stack: "dev", hasFailed: false },
      steps: [{ op: "same" }, { op: "update", urn: step.urn, old: { id: "an-id" } }],
      diagnostics: [{ severity: "warning", message, urn: step.urn }],
      counts: { update: 1, same: 1 },
    });
  });

  test.each([
    ["a byte order mark", `\uFEFF${text}`],
    [
      "lines of a shell before and after it",
      `$ pulumi preview\n\n${text}\nwarning: A new version\n[done]\n`,
    ],
    ["carriage returns", text.replaceAll("\n", "\r\n")],
    ["another program's log in JSON", `{"level":"info","msg":"start"}\n${text}`],
  ])("is read with %s", (_, changed) => {
    expect(read(changed, "dev.json")).toEqual(read(text, "dev.json"));
  });

  test("is read in the UTF-16 of Windows PowerShell", () => {
    expect(decode(Buffer.from(`\uFEFF${text}`, "utf16le"))).toBe(`\uFEFF${text}`);
    expect(decode(Buffer.from(text))).toBe(text);
  });

  test("that is cut off anywhere is never taken for a smaller preview", () => {
    for (let length = 1; length < text.trimEnd().length; length += 7) {
      // The stream may end after its summary.
      if (
        form === "events" &&
        text
          .slice(0, length)
          .includes(
            'summaryEvent":{"resourceChanges":{"update":1,"same":1},"isPreview":true,"result":"succeeded"}}',
          )
      )
        break;
      expect(wrong(text.slice(0, length))).toMatch(/cut off after|is not a preview but/);
    }
  });

  test("says where it is cut off, and what to do", () => {
    const cut = text.slice(0, text.length - 40);
    const said = wrong(cut);
    expect(said).toContain("dev.json is cut off after");
    expect(said).toContain("Run the preview again");
  });

  test("that failed is one that failed", () => {
    const failed = { diagnostics: [{ severity: "error", message: "preview failed" }] };
    expect(explained([], { form, ...failed })).toMatchObject({
      hasFailed: true,
      messages: [{ severity: "error", text: "preview failed" }],
    });
  });

  test("without changes is valid", () => {
    expect(explained([], { form })).toMatchObject({ stack: "dev", hasFailed: false, changes: [] });
  });

  test("has more or other fields in another version of the engine", () => {
    const odd = {
      ...step,
      oldState: { ...step.oldState, id: 7, parent: {}, dependencies: "none", inputs: undefined },
      detailedDiff: { size: "update" },
      replaceReasons: null,
      another: { field: [1] },
    };
    const { changes } = explainedText(textOf([odd as unknown as typeof step], form));
    expect(changes).toMatchObject([{ operation: "update", effect: { kind: "redeployment" } }]);
  });
});

test("events that end without the engine's summary are not a smaller preview, unless an error says why", () => {
  const lines = (text: string) => text.split("\n").slice(0, -3).join("\n");
  expect(wrong(lines(textOf([step], "events")))).toContain("end without the engine's summary");
  const failed = { diagnostics: [{ severity: "error", message: "the program ended" }] };
  expect(read(lines(textOf([step], "events", failed)), "dev.json").hasFailed).toBe(true);
});

test("the events that a policy reports are read, and disabled policies say nothing", () => {
  const policy = (enforcementLevel: string) => ({
    ...{ resourceUrn: step.urn, policyName: "ha", policyPackName: "pack", enforcementLevel },
    message: "<{%fg 1%}>[mandatory] needs HA<{%reset%}>\n",
  });
  const policies = [policy("mandatory"), policy("advisory"), policy("disabled")];
  const { changes } = explained([step], { form: "events", policies });
  expect(changes[0]?.messages).toEqual([
    { severity: "error", policy: "pack/ha", text: "[mandatory] needs HA" },
    { severity: "warning", policy: "pack/ha", text: "[mandatory] needs HA" },
  ]);
});

/** The events of a preview without a change. */
const stream = `{"sequence":0,"preludeEvent":{}}\n{"sequence":1,"summaryEvent":{"result":"succeeded"}}`;

test.each([
  ["", "dev.json is empty."],
  ["\uFEFF \n", "dev.json is empty."],
  ["nothing of use", "dev.json is not JSON."],
  ["Previewing update (dev):\n + web create", "the text that Pulumi prints for people"],
  ["[]", "not a preview but a JSON array."],
  ["12", "not a preview but a JSON number."],
  ["null", "not a preview but the JSON value null."],
  ["{}", "not a preview but JSON of another kind."],
  ['{"format_version":"1.2","planned_values":{}}', "a plan of Terraform or OpenTofu."],
  [
    '{"@level":"info","@message":"Apply"}\n{"@level":"info","@message":"Done"}',
    "the log of Terraform",
  ],
  ['{"version":4,"terraform_version":"1.9.0","resources":[]}', "a state of Terraform or OpenTofu."],
  ['{"version":3,"deployment":{"resources":[]}}', "a stack's state"],
  ['{"manifest":{},"resourcePlans":{}}', "an update plan"],
  ['{"steps":[{"name":"build","run":"make"}]}', "`steps.0.op` is not what a preview has there"],
  [
    `{"steps":[{"op":"refresh","urn":"urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"}]}`,
    "is a preview of `pulumi refresh`, which changes the state only",
  ],
  ['{"steps":"none"}', "`steps` is not what a preview has there"],
  ['{"steps":[]} \n{"steps":[]}', "more than one preview: another begins in line 2"],
  [`${stream}\n${stream}`, "more than one preview: another begins in line 3"],
  ['{"steps":[}', "the object that begins in line 1"],
  [`{"steps":${"[".repeat(5000)}${"]".repeat(5000)}}`, "nested more than 200 levels deep"],
  ['{"sequence":1,"summaryEvent":{"isPreview":false}}', "that was carried out, not of a preview"],
  [
    '{"sequence":1,"resourcePreEvent":{"metadata":{"op":"create"}}}',
    "a step without an operation or a URN",
  ],
])("%j is refused: %s", (text, said) => {
  expect(wrong(text)).toContain(said);
  expect(wrong(text)).toMatch(/pulumi|Pulumi|preview/);
});

test("an error never has a value of what it is about", () => {
  const secret = "sk-planted-5b1e70c4";
  const text = textOf([{ ...step, newState: { ...step.newState, inputs: { value: secret } } }]);
  const mutilated = [
    text.slice(0, -30),
    text.replace('"steps"', `"steps": "${secret}", "another"`),
    `${secret}\n`,
    `{"value": "${secret}"}`,
    `{"value": "${secret}" oops}`,
    `${text}${text}`,
  ];
  for (const one of mutilated) expect(wrong(one)).not.toContain(secret);
});

test.each<Form>(["digest", "events"])(
  "colours, hidden keys and the engine's own words do not appear: %s",
  (form) => {
    const said = saidIn(explained([{ ...change, new: {} }], { host: "dynamic", form, ...rest }));
    expect(said).not.toMatch(/<\{|__provider|Registering/);
    expect(said).toContain(message);
    expect(said).toContain(urnOf("AppFormation", "it", "dynamic"));
  },
);
