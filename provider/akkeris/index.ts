import { appFormation } from "./app-formation/resource";
import { getAppFormation, getAppFormations, getAppSizes } from "./functions";

export { akkeris } from "./system";
export const resources = [appFormation];
export const functions = [getAppFormation, getAppFormations, getAppSizes];
