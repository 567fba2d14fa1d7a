import { appFormation } from "./akkeris/subjects.ts";
import { antflySecret, backupSchedule } from "./antfly/subjects.ts";
import { formation } from "./citus/subjects.ts";
import { replica } from "./crunchybridge/subjects.ts";
import type { Subject } from "./support/subject.ts";

/**
 * Every resource, as the tests that treat all of them alike know it: the plugin's expectations,
 * faults, kills, soak. Its row is in its system's folder.
 */
export const subjects: readonly Subject[] = [
  formation,
  replica,
  appFormation,
  backupSchedule,
  antflySecret,
];

/** Every system that they live in. */
export const systems = [...new Set(subjects.map(({ system }) => system))];
