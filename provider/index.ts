import * as citus from "./citus";
import type { Definition, FunctionDefinition } from "./resource/definition";

/** Every resource, of every system. A host serves what stands here. */
export const resources: readonly Definition[] = [...citus.resources];

/** Every function, of every system. */
export const functions: readonly FunctionDefinition[] = [...citus.functions];
