import { dynamicProvider } from "./provider";

// This file's path is part of the state of every Formation: it never moves.
export = dynamicProvider("Formation");
