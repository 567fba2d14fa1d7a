const pulumi = require("@pulumi/pulumi");

// The bench copies this file into a package for each floor, with the provider, and with the names of the
// properties that the real resource has: each costs the program four stack traces in @pulumi/pulumi.
const provider = require("./provider.js");
const properties = require("./properties.json");
const moduleName = require("./package.json").name.replace("pulumi-", "");

exports.AppFormation = class extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    const props = Object.fromEntries(properties.map((property) => [property, args[property]]));
    super(provider, name, props, opts, moduleName, "AppFormation");
  }
};
