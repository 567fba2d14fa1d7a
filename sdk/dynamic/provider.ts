import type { dynamic } from "@pulumi/pulumi";

/**
 * The provider object of one resource, which a module exports.
 *
 * The state refers to that module (see provider-text.ts). States that were written with a linked package
 * have the source of these functions instead, so they load the host by the package's own name, and the
 * names and parameters of its functions never change.
 */
export function dynamicProvider(resource: string): dynamic.ResourceProvider & {
  configure(request: dynamic.ConfigureRequest): Promise<void>;
} {
  return {
    // Not async: the engine has been seen to read before an asynchronous configure had ended.
    configure: (request) => require("pulumi-formations/bin/sdk/dynamic/host.js").configure(request),
    check: async (olds, news) => {
      const host = require("pulumi-formations/bin/sdk/dynamic/host.js");
      const checked = host.check(resource, olds, news);
      await host.flush();
      return checked;
    },
    diff: async (id, olds, news) =>
      require("pulumi-formations/bin/sdk/dynamic/host.js").diff(resource, id, olds, news),
    create: async (inputs) =>
      require("pulumi-formations/bin/sdk/dynamic/host.js").create(resource, inputs),
    read: async (id, state) =>
      require("pulumi-formations/bin/sdk/dynamic/host.js").read(resource, id, state),
    update: async (id, olds, news) =>
      require("pulumi-formations/bin/sdk/dynamic/host.js").update(resource, id, olds, news),
    delete: async (id, state) =>
      require("pulumi-formations/bin/sdk/dynamic/host.js").destroy(resource, id, state),
  };
}
