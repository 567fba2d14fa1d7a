import { backupSchedule } from "./backup-schedule";
import * as reading from "./functions";

export { antfly } from "./system";
export const resources = [backupSchedule];
export const functions = Object.values(reading);
