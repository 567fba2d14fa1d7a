import { backupSchedule } from "./backup-schedule/resource";
import {
  getAntflyBackups,
  getAntflyHealth,
  getAntflyMetrics,
  getAntflySecrets,
  getAntflyStatus,
} from "./functions";
import { secret } from "./secret/resource";

export { antfly } from "./system";
export const resources = [backupSchedule, secret];
export const functions = [
  getAntflyStatus,
  getAntflyHealth,
  getAntflyMetrics,
  getAntflyBackups,
  getAntflySecrets,
];
