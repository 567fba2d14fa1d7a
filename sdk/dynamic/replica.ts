import { dynamicProvider } from "./provider";

// This file's path is part of the state of every Replica: it never moves.
export = dynamicProvider("Replica");
