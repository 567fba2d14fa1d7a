import { dynamicProvider } from "./provider";

// This file's path is part of the state of every formation: it never moves.
export = dynamicProvider("Formation");
