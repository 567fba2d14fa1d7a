/*
 * Loaded into each Node.js process of a scenario before its own code. @pulumi/pulumi loads TypeScript and
 * npm's tree of packages when it starts, for the functions that it may have to serialize. That takes
 * longer than all else that it loads, and is seldom used: here both are loaded when they first are.
 */
const Module = require("node:module");

const late = [
  { from: /@pulumi[\\/]pulumi[\\/]typescript-shim\.js$/, what: /typescript/ },
  { from: /@pulumi[\\/]pulumi[\\/]runtime[\\/]closure[\\/]codePaths\.js$/, what: /arborist$/ },
];
const load = Module._load;

Module._load = (request, parent, isMain) => {
  const isLate =
    parent && late.some((one) => one.from.test(parent.filename) && one.what.test(request));
  if (!isLate) return load(request, parent, isMain);
  // What is missing is missing at once: there is another TypeScript then.
  const file = Module._resolveFilename(request, parent, isMain);
  let loaded;
  return new Proxy(
    {},
    {
      get: (_, key) => {
        // Otherwise all of its exports would be read at once.
        if (key === "__esModule") return true;
        loaded = loaded || load(file, parent, isMain);
        return loaded[key];
      },
    },
  );
};
