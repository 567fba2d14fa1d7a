import { expect, test } from "vitest";
import { firstLine, world } from "./in-process.ts";

const passphrase =
  "Set PULUMI_CONFIG_PASSPHRASE to the stack's passphrase, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that has it.";

/** The calls of Pulumi that read a stack's secrets. */
const secrets = ["stack export --show-secrets", "config --json"];

test.each([
  {
    ...{ what: "nobody is logged in", calls: ["stack ls --json"] },
    err: "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
    first:
      "Problem: Pulumi can't list the project's stacks: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions. Run `pulumi login`, or set PULUMI_ACCESS_TOKEN. If the stacks are not in Pulumi Cloud, set PULUMI_BACKEND_URL to where they are.",
  },
  {
    ...{ what: "the backend is down", calls: ["stack ls --json"] },
    err: 'Logging in using access token from PULUMI_ACCESS_TOKEN\nerror: Get "https://a.example.com": dial tcp: connection refused',
    first:
      "Problem: Pulumi can't list the project's stacks: Logging in using access token from PULUMI_ACCESS_TOKEN Get \"https://a.example.com\": dial tcp: connection refused. PULUMI_BACKEND_URL or `pulumi login` says where the stacks are.",
  },
  {
    ...{ what: "the file of the passphrase is missing", calls: secrets },
    err: "error: decrypting secrets: unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /nope: no such file or directory",
    first: `Problem: Pulumi can't decrypt the secrets of stack test: decrypting secrets: unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /nope: no such file or directory. ${passphrase}`,
  },
  {
    ...{ what: "the stack's file is malformed", calls: ["config --json"] },
    err: "error: invalid YAML file: yaml: line 1: did not find expected node content",
    first:
      "Problem: Pulumi can't read stack test: invalid YAML file: yaml: line 1: did not find expected node content. Correct Pulumi.test.yaml.",
  },
])("$what", async ({ calls, err, first }) => {
  const failing = Object.fromEntries(calls.map((call) => [call, { err }]));

  expect(await firstLine(await world({ failing }))).toMatchObject({ first, code: 2 });
});
