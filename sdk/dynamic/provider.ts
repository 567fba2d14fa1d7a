import type { dynamic } from "@pulumi/pulumi";

/**
 * The provider object of one resource, for a module whose exports it becomes.
 *
 * The engine keeps a reference to that module in the state, as text. Where the package lies in
 * node_modules that is one `require`; where it is linked, it is the source of these functions. So they
 * capture nothing but the resource's name, and load the host by the package's own name.
 */
export function dynamicProvider(resource: string): dynamic.ResourceProvider & {
  configure(request: dynamic.ConfigureRequest): Promise<void>;
} {
  return {
    // Not async: reads have been seen to run before an asynchronous configure had ended.
    configure: (request) => require("pulumi-formations/bin/sdk/dynamic/host.js").configure(request),
    check: async (olds, news) =>
      require("pulumi-formations/bin/sdk/dynamic/host.js").check(resource, olds, news),
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
