import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { type Description, FormationsResource } from "../../sdk/resource.ts";

const description: Description = {
  type: "Server",
  module: "server",
  properties: ["note"],
  secretInputs: [],
  secretOutputs: [],
};

class Server extends FormationsResource {
  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super(description, name, {}, opts);
  }
}

beforeEach(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: ({ inputs }) => inputs,
  });
});

class Other extends pulumi.CustomResource {
  constructor(name: string, opts: pulumi.CustomResourceOptions) {
    super("acme:index:Other", name, {}, opts);
  }
}

class Account extends pulumi.ProviderResource {
  constructor(of: string) {
    super(of, "account", {});
  }
}

/** What a class says of its options. */
async function said(opts: pulumi.CustomResourceOptions): Promise<string[]> {
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  onTestFinished(() => warn.mockRestore());
  const resource = new Server("it", opts);
  await new Promise((resolve) => resource.urn.apply(resolve));
  return warn.mock.calls.map(([text]) => text);
}

test("an import is refused, with what does it instead", () => {
  expect(() => new Server("it", { import: "x" })).toThrow(pulumi.RunError);
  expect(() => new Server("it", { import: "x" })).toThrow(
    "it (Server): the TypeScript classes can't import (Pulumi's dynamic providers have no import). Remove the option `import` and use `formations recover --adopt NAME=ID`, or the plugin's SDK.",
  );
});

test("another account is refused: without the option, the resource would be in the stack's", () => {
  const opts = { provider: new Account("formations") };
  expect(() => new Server("it", opts)).toThrow(pulumi.RunError);
  expect(() => new Server("it", opts)).toThrow(
    "it (Server): the TypeScript classes can't use an explicit provider: they have the accounts of the stack's configuration and no others. Remove the option `provider`, or use the plugin's SDK",
  );
});

test.each<[string, () => pulumi.CustomResourceOptions, string]>([
  [
    "customTimeouts.delete",
    () => ({ customTimeouts: { delete: "5m" } }),
    "it (Server): customTimeouts.delete has no effect: Pulumi does not pass it on to its dynamic providers, which serve the TypeScript classes. Set formations:timeout, which limits every operation of the stack, or use the plugin's SDK.",
  ],
  [
    "customTimeouts.read",
    () => ({ customTimeouts: { read: "1m", create: "5m" } }),
    "it (Server): customTimeouts.read has no effect: Pulumi",
  ],
  ["version", () => ({ version: "1.2.3" }), "it (Server): version has no effect: it is about a"],
  [
    "pluginDownloadURL",
    () => ({ pluginDownloadURL: "https://plugins.example.com" }),
    "it (Server): pluginDownloadURL has no effect: it is about a plugin",
  ],
  [
    "another package's provider",
    () => ({ provider: new Account("acme") }),
    "it (Server): provider has no effect: it is a provider of acme. Remove the option.",
  ],
  [
    "a provider that its parent hands down",
    () => ({ parent: new Other("parent", { provider: new Account("formations") }) }),
    "it (Server): the provider of its parent has no effect: the TypeScript classes have the accounts of",
  ],
])("%s has no effect, which is said", async (_, opts, message) => {
  expect(await said(opts())).toEqual([expect.stringContaining(message)]);
});

test("options that work are not warned about", async () => {
  const other = new Server("other");
  const works: pulumi.CustomResourceOptions = {
    ...{ protect: true, retainOnDelete: true, deleteBeforeReplace: true },
    ...{ parent: other, dependsOn: other, deletedWith: other, replaceWith: [other] },
    ...{ ignoreChanges: ["note"], replaceOnChanges: ["*"], hideDiffs: ["note"] },
    ...{ aliases: [{ name: "before" }], additionalSecretOutputs: ["note"], replacementTrigger: 1 },
    customTimeouts: { create: "5m", update: "5m" },
    provider: new Account("pulumi-nodejs"),
  };
  expect(await said(works)).toEqual([]);
});
