import { getCluster, getReplica, getReplicas } from "./functions";
import { replica } from "./replica/resource";

export { crunchyBridge } from "./system";
export const resources = [replica];
export const functions = [getCluster, getReplica, getReplicas];
