/*
 * Loaded into each Node.js process of a scenario before its own code. When it starts, @pulumi/pulumi
 * prepares for much that seldom happens, which takes longer than all else that it does: here each part is
 * prepared when it is first used.
 *
 * - TypeScript, npm's reader of manifests and V8's debugger are for functions that have to be serialized.
 * - The tracer's SDK is for an engine that asks for traces, and the Automation API for programs that use it.
 * - Its source maps would be read for the place in the program of each resource. They say nothing of a
 *   program that is compiled beforehand.
 */
const Module = require("node:module");
const { promisify } = require("node:util");

const late = [
  { from: /[\\/]typescript-shim\.js$/, what: /typescript/ },
  { from: /[\\/]runtime[\\/]closure[\\/]codePaths\.js$/, what: /normalize-package-data$/ },
  { from: /@pulumi[\\/]pulumi[\\/]index\.js$/, what: /^\.\/automation$/ },
  // Its functions and classes are read at once, and called later.
  { from: /[\\/]cmd[\\/]run[\\/]tracing\.js$/, what: /^@opentelemetry\/(?!api$)/, areRead: true },
];
const load = Module._load;

Module._load = (request, parent, isMain) => {
  if (!parent || !/@pulumi[\\/]pulumi[\\/]/.test(parent.filename)) {
    return load(request, parent, isMain);
  }
  if (request === "source-map-support/register") return {};
  if (/[\\/]v8Hooks$/.test(request)) return lateDebugger(load(request, parent, isMain));
  const kind = late.find((one) => one.from.test(parent.filename) && one.what.test(request));
  if (!kind) return load(request, parent, isMain);
  // What is missing is missing at once: there is another TypeScript then.
  const file = Module._resolveFilename(request, parent, isMain);
  let loaded;
  const read = (key) => {
    loaded = loaded || load(file, parent, isMain);
    return key === "default" && !loaded.__esModule ? loaded : loaded[key];
  };
  return new Proxy(
    {},
    {
      get: (_, key) => {
        // Otherwise all of its exports would be read at once.
        if (key === "__esModule") return true;
        return kind.areRead ? lateFunction(() => read(key)) : read(key);
      },
    },
  );
};

/** A function or class that is loaded when it is first called. */
function lateFunction(read) {
  return new Proxy(() => {}, {
    apply: (_, self, values) => Reflect.apply(read(), self, values),
    construct: (_, values) => Reflect.construct(read(), values),
  });
}

let session;
const scripts = new Map();

/** While V8 debugs, all code runs slower. It tells of the scripts that are loaded already, too. */
function lateDebugger(hooks) {
  return {
    ...hooks,
    isInitializedAsync: async () => {},
    getScriptUrl: (id) => scripts.get(id),
    getSessionAsync: () => {
      session = session || startDebugger();
      return session;
    },
  };
}

async function startDebugger() {
  const { Session } = require("node:inspector");
  const debug = new Session();
  debug.connect();
  debug.on("Debugger.scriptParsed", ({ params }) => scripts.set(params.scriptId, params.url));
  await promisify(debug.post).call(debug, "Debugger.enable");
  return debug;
}
