import * as akkeris from "./akkeris";
import * as antfly from "./antfly";
import * as citus from "./citus";
import * as crunchyBridge from "./crunchybridge";
import type { Definition, FunctionDefinition } from "./resource/definition";

/** Every resource, of every system. A host serves what stands here. */
export const resources: readonly Definition[] = [
  ...citus.resources,
  ...crunchyBridge.resources,
  ...akkeris.resources,
  ...antfly.resources,
];

/** Every function, of every system. */
export const functions: readonly FunctionDefinition[] = [
  ...citus.functions,
  ...crunchyBridge.functions,
  ...akkeris.functions,
  ...antfly.functions,
];
