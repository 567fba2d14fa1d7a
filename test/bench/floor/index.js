const pulumi = require("@pulumi/pulumi");

// As many as the real resource has: each costs the program four stack traces in @pulumi/pulumi.
const inputs = ["app", "type", "size", "quantity", "port", "command", "healthcheck", "oneoff"];
const properties = [...inputs, "options", "formationId", "serverSize", "createdAt"];

exports.AppFormation = class extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    const props = Object.fromEntries(properties.map((property) => [property, args[property]]));
    super(require("pulumi-floor/provider.js"), name, props, opts, "floor", "AppFormation");
  }
};
