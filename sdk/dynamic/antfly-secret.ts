import { dynamicProvider } from "./provider";

// This file's path is part of the state of every AntflySecret: it never moves.
export = dynamicProvider("AntflySecret");
