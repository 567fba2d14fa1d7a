import { backupSchedule } from "./backup-schedule";
import {
  getAntflyBackups,
  getAntflyHealth,
  getAntflyMetrics,
  getAntflySecrets,
  getAntflyStatus,
} from "./functions";

export { antfly } from "./system";
export const resources = [backupSchedule];
export const functions = [
  getAntflyStatus,
  getAntflyHealth,
  getAntflyMetrics,
  getAntflyBackups,
  getAntflySecrets,
];
