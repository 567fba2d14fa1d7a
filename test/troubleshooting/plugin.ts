import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { formation } from "../citus/subjects.ts";
import { startPlugin } from "../plugin/plugin.ts";
import { heldOf, Resource } from "../plugin/resource.ts";
import { worldOf } from "../plugin/world.ts";

/** What only the engine's calls meet, by code: each in full, as the plugin reports it. */
export const ofPlugin = [
  {
    code: "INCOMPLETE",
    async say(): Promise<string> {
      const { resource, plugin } = await worldOf(formation, { speed: 0 });
      const { init } = await resource.createFailing(formation.inputs, { timeout: 1 });
      return (await plugin.failure("read", resource.readRequest(heldOf(init)))).text;
    },
  },
  {
    code: "INVALID_REQUEST",
    async say(): Promise<string> {
      const plugin = await startPlugin();
      const { urn } = new Resource(plugin, "Cluster");
      return (await plugin.failure("check", new pb.CheckRequest().setUrn(urn))).text;
    },
  },
  {
    code: "UNSUPPORTED",
    async say(): Promise<string> {
      const plugin = await startPlugin();
      const request = new pb.ListRequest().setToken("formations:index:AntflyBackupSchedule");
      return (await plugin.list(request)).failure?.text ?? "";
    },
  },
];
