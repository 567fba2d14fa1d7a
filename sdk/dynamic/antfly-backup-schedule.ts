import { dynamicProvider } from "./provider";

// This file's path is part of the state of every AntflyBackupSchedule: it never moves.
export = dynamicProvider("AntflyBackupSchedule");
