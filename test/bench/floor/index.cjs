const pulumi = require("@pulumi/pulumi");

// Those that the real resource has: each costs the program four stack traces in @pulumi/pulumi. The
// bench writes them beside this file where it copies it to.
const properties = require("pulumi-floor/properties.json");

exports.AppFormation = class extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    const props = Object.fromEntries(properties.map((property) => [property, args[property]]));
    super(require("pulumi-floor/provider.js"), name, props, opts, "floor", "AppFormation");
  }
};
