import * as akkeris from "./akkeris";
import * as antfly from "./antfly";
import * as citus from "./citus";
import * as crunchyBridge from "./crunchybridge";
import type { Definition, FunctionDefinition, System } from "./resource/definition";

// A verb of a definition takes the inputs of its schemas; in these lists it is typed to take any. TypeScript
// allows that because verbs are methods, whose parameters are bivariant. It is safe since the lifecycle
// hands a verb only what has passed its definition's schemas.

/** Every resource, of every system: what the hosts serve. */
export const resources: readonly Definition[] = [
  ...citus.resources,
  ...crunchyBridge.resources,
  ...akkeris.resources,
  ...antfly.resources,
];

/** Every system that a resource is of. */
export const systems: readonly System[] = [...new Set(resources.map(({ system }) => system))];

/** Every function, of every system. */
export const functions: readonly FunctionDefinition[] = [
  ...citus.functions,
  ...crunchyBridge.functions,
  ...akkeris.functions,
  ...antfly.functions,
];
