import { AkkerisSimulator } from "../../../simulators/akkeris.ts";
import { akkeris as testSystem } from "../../akkeris/subjects.ts";
import type { System } from "./system.ts";

/**
 * Akkeris, with an app for each resource that has one of its own.
 *
 * @param spaces the apps' names by what their spaces are tagged: `{ "": ["api-default"] }`
 */
export function akkerisSystem(spaces: Record<string, string[]>): System<AkkerisSimulator> {
  const akkeris = new AkkerisSimulator();
  for (const [tags, apps] of Object.entries(spaces)) {
    for (const app of apps) akkeris.addApp(app, { tags });
  }
  const known = new Map<string, string>();
  const apps = () => [...akkeris.apps.keys()];
  return {
    simulator: akkeris,
    config: () => testSystem.access(akkeris),
    aliases() {
      for (const app of apps()) {
        for (const { type } of akkeris.formations(app))
          known.set(`${app}/${type}`, resourceOf(app));
      }
      return known;
    },
    subject: ({ path }) => resourceOf(path.split("/")[2] ?? ""),
    contents: () =>
      Object.fromEntries(
        apps().map((app) => {
          const formations = akkeris.formations(app).map((row) => ({
            ...row,
            instances: akkeris.instances(app, row.type),
          }));
          const config = akkeris.configVars(app);
          return [resourceOf(app), { formations, config, redeploys: akkeris.redeploys(app) }];
        }),
      ),
    secrets: () => ({ token: akkeris.token }),
  };
}

/** The resource that has an app to itself: the app's name without its space. */
function resourceOf(app: string): string {
  return app.replace(/-\w+$/, "");
}
