import type { dynamic } from "@pulumi/pulumi";

/**
 * The provider object of one resource, which a module exports.
 *
 * The engine keeps a reference to that module in the state, as text. If the package is in node_modules,
 * that is one `require`; if it is linked, it is the source of these functions. So they capture only the
 * resource's name, and load the host by the package's own name.
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
