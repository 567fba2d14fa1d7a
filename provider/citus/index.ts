import { formation } from "./formation/resource";
import { getFormation, getFormations } from "./functions";

export { citus } from "./system";
export const resources = [formation];
export const functions = [getFormation, getFormations];
