import { dynamicProvider } from "./provider";

// This file's path is part of the state of every AppFormation: it never moves.
export = dynamicProvider("AppFormation");
