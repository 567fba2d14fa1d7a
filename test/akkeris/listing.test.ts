import { describe, expect, test } from "vitest";
import { Forbidden, NotFound, Unauthorized } from "../../provider/http/errors.ts";
import { InvalidArguments, PartlyListed } from "../../provider/resource/errors.ts";
import type { Listed } from "../../provider/resource/listing.ts";
import { failure } from "../support/failure.ts";
import { firstPages, listOf, pagesOf, resumedListOf } from "../support/listing.ts";
import { definition, list, type World, world } from "./world.ts";

/** A world with these apps, each with a web, beside foo-default, which has none. */
async function withApps(...names: string[]): Promise<World> {
  const made = await world();
  for (const name of names) {
    made.simulator.addApp(name);
    made.simulator.addFormation(name);
  }
  return made;
}

const idsOf = (items: readonly Listed[]) => items.map(({ id }) => id);
const listAt = (app: string) => `GET /apps/${app}/formation`;

test("app formations of all apps are listed, whole, by app and type, with one request per app", async () => {
  const here = await withApps("shop-dev");
  const web = here.simulator.formation("shop-dev", "web");
  const cron = here.simulator.addFormation("shop-dev", { type: "cron", quantity: 0, size: "gp2" });
  here.simulator.addFormation("foo-default");
  expect(await listOf(definition, here)).toEqual([
    expect.objectContaining({ id: "foo-default/web" }),
    {
      id: "shop-dev/cron",
      name: "shop-dev/cron",
      state: {
        ...{ app: "shop-dev", type: "cron", size: "gp2", serverSize: "gp2", quantity: 0 },
        ...{ command: "run cron", formationId: cron.id, createdAt: expect.stringMatching(/Z$/) },
      },
      isWhole: true,
    },
    {
      id: "shop-dev/web",
      name: "shop-dev/web",
      state: {
        ...{ app: "shop-dev", type: "web", size: "gp1", serverSize: "gp1", quantity: 1 },
        ...{ port: 9000, formationId: web?.id, createdAt: expect.stringMatching(/Z$/) },
      },
      isWhole: true,
    },
  ]);
  expect(here.sent()).toEqual(["GET /apps", listAt("foo-default"), listAt("shop-dev")]);
});

test("what is listed is what a read returns", async () => {
  const here = await withApps("shop-dev");
  const [listed] = await listOf(definition, here);
  const imported = await here.import("shop-dev/web");
  expect(JSON.parse(JSON.stringify(listed?.state))).toEqual(imported?.state);
});

test("one-offs and a web that Akkeris created on its own are listed like others", async () => {
  const here = await world();
  here.simulator.addFormation("foo-default", { type: "job", oneoff: true });
  here.simulator.addFormation("foo-default", { type: "web", quantity: 0 });
  expect(idsOf(await listOf(definition, here))).toEqual(["foo-default/job", "foo-default/web"]);
});

test("a type that the server has twice is listed once: the older row", async () => {
  const here = await world();
  const { id } = here.simulator.addFormation("foo-default", { quantity: 2 });
  here.simulator.addFormation("foo-default", { quantity: 3 });
  expect(await listOf(definition, here)).toMatchObject([
    { id: "foo-default/web", state: { quantity: 2, formationId: id } },
  ]);
});

test("an account without apps has none, and so has an app without formations", async () => {
  const here = await world();
  expect(await listOf(definition, here)).toEqual([]);
  here.simulator.removeApp("foo-default");
  here.simulator.clearRequests();
  expect(await listOf(definition, here)).toEqual([]);
  expect(here.sent()).toEqual(["GET /apps"]);
});

describe("filters:", () => {
  test("an app is listed without the list of apps", async () => {
    const here = await withApps("shop-dev");
    expect(idsOf(await listOf(definition, here, { app: "shop-dev" }))).toEqual(["shop-dev/web"]);
    expect(here.sent()).toEqual([listAt("shop-dev")]);
  });

  test("an app's ID is as good as its name, and stays in the ID of the formation", async () => {
    const here = await world();
    const { id } = here.simulator.addApp("shop-dev");
    here.simulator.addFormation("shop-dev");
    expect(await listOf(definition, here, { app: id })).toMatchObject([
      { id: `${id}/web`, state: { app: id } },
    ]);
  });

  test("an app that does not exist is an error, since it was named", async () => {
    const error = await failure(listOf(definition, await world(), { app: "none-dev" }), NotFound);
    expect(error.message).toMatch(/application none-dev does not exist/);
  });

  test("all apps are searched for a type", async () => {
    const here = await withApps("shop-dev");
    here.simulator.addFormation("shop-dev", { type: "worker" });
    here.simulator.addFormation("foo-default", { type: "worker" });
    const listed = await listOf(definition, here, { type: "worker" });
    expect(idsOf(listed)).toEqual(["foo-default/worker", "shop-dev/worker"]);
  });
});

describe("pages", () => {
  const apps = Array.from({ length: 20 }, (_, at) => `app${String(at).padStart(2, "0")}-dev`);

  test("are one per app, in the apps' order, of which eight are requested at a time", async () => {
    const here = await withApps(...apps.toReversed());
    const pages = pagesOf(definition, here);
    const [first] = await firstPages(pages, 1);
    expect(idsOf(first?.items ?? [])).toEqual(["app00-dev/web"]);
    expect(here.sent().sort()).toEqual(["GET /apps", ...apps.slice(0, 8).map(listAt)].sort());
    expect(idsOf(await listOf(definition, here))).toEqual(apps.map((app) => `${app}/web`));
    expect(here.sent()).toHaveLength(22);
  });

  test("continue after the app of the last one, even if that app is gone", async () => {
    const here = await withApps("a-dev", "b-dev", "c-dev");
    const [, second] = await firstPages(pagesOf(definition, here), 2);
    here.simulator.removeApp("b-dev");
    here.simulator.clearRequests();
    expect(idsOf(await listOf(definition, here, {}, second?.next))).toEqual(["c-dev/web"]);
    expect(here.sent()).toEqual(["GET /apps", listAt("c-dev"), listAt("foo-default")]);
  });

  test("have the same items if every one is a call of its own", async () => {
    const here = await withApps("a-dev", "b-dev", "c-dev");
    const whole = await listOf(definition, here);
    expect(await resumedListOf(definition, here)).toEqual(whole);
  });

  test("continue nowhere but where a page ended", async () => {
    const here = await world();
    const error = await failure(listOf(definition, here, {}, "a-dev"), InvalidArguments);
    expect(error.message).toMatch(/^The list of app formations can't continue at "a-dev"/);
    const named = listOf(definition, here, { app: "foo-default" }, "a-dev");
    await failure(named, InvalidArguments);
    expect(here.sent()).toEqual([]);
  });
});

test("an app that is deleted after the list of apps is left out", async () => {
  const here = await withApps("a-dev", "b-dev", "c-dev");
  here.simulator.onAnswer = ({ path }) => {
    if (path === "/apps") here.simulator.removeApp("b-dev");
  };
  expect(idsOf(await listOf(definition, here))).toEqual(["a-dev/web", "c-dev/web"]);
});

describe("the list of apps", () => {
  /** The entries that the server has, and others. */
  async function answering(...entries: unknown[]) {
    const here = await withApps("shop-dev");
    const body = [...entries, { key: "shop-dev" }];
    here.simulator.order({ path: "/apps", kind: { type: "status", status: 200, body } });
    return here;
  }

  test.each([
    ["null", null],
    ["a text", "foo-default"],
    ["an app without names", { archived_at: null, space: null }],
    ["a name that no path has", { key: "../sizes", name: "a b" }],
  ])("is read without what has no name, such as %s", async (_, entry) => {
    const here = await answering(entry);
    expect(idsOf(await listOf(definition, here))).toEqual(["shop-dev/web"]);
    expect(here.sent()).toEqual(["GET /apps", listAt("shop-dev")]);
  });

  test.each([
    ["name", { name: "foo-default" }],
    ["simple name and space", { key: null, simple_name: "foo", space: { name: "default" } }],
    ["key before the name", { key: "foo-default", name: "foo" }],
  ])("names an app by its %s", async (_, entry) => {
    const here = await answering(entry);
    here.simulator.addFormation("foo-default");
    expect(idsOf(await listOf(definition, here))).toEqual(["foo-default/web", "shop-dev/web"]);
  });

  test("names an app by its ID where there is nothing else, and each app once", async () => {
    const id = "3f1b1c52-6f0e-4a35-9c05-0d9b8a8a3a55";
    const here = await answering({ id }, { id, key: "shop-dev" });
    here.simulator.addApp("other-dev", { id });
    here.simulator.addFormation("other-dev");
    expect(idsOf(await listOf(definition, here))).toEqual([`${id}/web`, "shop-dev/web"]);
  });

  test("is an error if it is not a list", async () => {
    const here = await withApps();
    here.simulator.order({
      path: "/apps",
      kind: { type: "status", status: 200, body: { apps: [] } },
    });
    await expect(listOf(definition, here)).rejects.toThrow(/could not list apps/);
  });
});

describe("an app that can't be listed", () => {
  const refusal = { type: "status", status: 403, body: "Forbidden" } as const;
  const at = (app: string) => `/apps/${app}/formation`;

  test("stops no other, and is retried at the end", async () => {
    const here = await withApps("a-dev", "b-dev", "c-dev");
    here.simulator.order({ path: at("b-dev"), kind: refusal });
    expect(idsOf(await listOf(definition, here))).toEqual(["a-dev/web", "c-dev/web", "b-dev/web"]);
    expect(here.sent().filter((line) => line === listAt("b-dev"))).toHaveLength(2);
  });

  test("is named at the end if it still fails", async () => {
    const here = await withApps("a-dev", "b-dev", "c-dev");
    for (const app of ["b-dev", "c-dev"]) {
      here.simulator.order({ path: at(app), times: 2, kind: refusal });
    }
    const found: string[] = [];
    const listing = (async () => {
      for await (const { items } of pagesOf(definition, here)) found.push(...idsOf(items));
    })();
    const error = await failure(listing, PartlyListed);
    expect(error.message).toMatch(
      /^The list lacks the apps b-dev, c-dev\. Akkeris: could not list formations: GET \/apps\/b-dev\/formation returned 403/,
    );
    expect(found).toEqual(["a-dev/web"]);
  });

  test("is not lost if the list is resumed after every page", async () => {
    const here = await withApps("a-dev", "b-dev", "c-dev");
    here.simulator.order({ path: at("a-dev"), kind: refusal });
    const ids = idsOf(await resumedListOf(definition, here));
    expect(ids).toEqual(["b-dev/web", "c-dev/web", "a-dev/web"]);
  });

  test("has a row that can't be read", async () => {
    const here = await withApps("a-dev", "b-dev");
    const body = [{ type: "web" }];
    const kind = { type: "status", status: 200, body } as const;
    here.simulator.order({ path: at("a-dev"), times: 2, kind });
    const error = await failure(listOf(definition, here), PartlyListed);
    expect(error.message).toMatch(/^The list lacks the app a-dev\. /);
  });

  test("is not asked once nothing works", async () => {
    const apps = Array.from({ length: 9 }, (_, number) => `app${number}-dev`);
    const here = await withApps(...apps);
    here.simulator.order({ path: /^\/apps\/app/, times: 8, kind: refusal });
    const error = await failure(listOf(definition, here), PartlyListed);
    expect(error.message).toMatch(
      /^The list lacks the apps app0-dev, app1-dev, app2-dev, app3-dev, app4-dev and 5 more\. /,
    );
    expect(here.sent()).toHaveLength(9);
  });

  test("is the only one: the error is the server's", async () => {
    const here = await world();
    here.simulator.order({ path: list, kind: refusal });
    await failure(listOf(definition, here, { app: "foo-default" }), Forbidden);
  });
});

test("a token that is not valid ends the list at once", async () => {
  const here = await withApps("a-dev", "b-dev");
  here.simulator.order({
    path: "/apps/a-dev/formation",
    kind: { type: "status", status: 401 },
  });
  await failure(listOf(definition, here), Unauthorized);
});

test("a row that lacks what an import needs has to be read", async () => {
  const here = await world();
  const body = [{ id: "u", type: "web", size: "gp1", created_at: "2026-01-01T00:00:00Z" }];
  here.simulator.order({ path: list, kind: { type: "status", status: 200, body } });
  expect(await listOf(definition, here)).toMatchObject([{ id: "foo-default/web", isWhole: false }]);
});
