import { z } from "zod";
import type { Route, SimAnswer, SimRequest } from "../kit/route.ts";
import { spacedError, text } from "./answers.ts";
import type { World } from "./world.ts";

const scanRequest = z.looseObject({
  from: z.string().optional(),
  limit: z.number().int().min(1).optional(),
  fields: z.array(z.string()).optional(),
});

/** How a dialect spells what both have. */
interface Spelling {
  base: string;
  /** The last segment of the path that reads documents. */
  scan: string;
  /** What a document's ID is called. */
  id: string;
  noTable: (name: string) => SimAnswer;
  badScan: SimAnswer;
}

const spellings: Record<"v0.1" | "0.2", Spelling> = {
  "v0.1": {
    base: "/api/v1",
    scan: "lookup",
    id: "key",
    noTable: (name) => spacedError(404, `table not found: ${name}`),
    badScan: spacedError(400, "invalid request body"),
  },
  "0.2": {
    base: "/db/v1",
    scan: "documents",
    id: "_id",
    noTable: () => text(404, "not found"),
    badScan: text(400, "invalid scan request"),
  },
};

/** The calls that list and drop tables, and read documents: little but the words differ. */
export function tableRoutes(world: World, dialect: "v0.1" | "0.2"): Route[] {
  const spelling = spellings[dialect];
  const table = `${spelling.base}/tables/:table`;
  return [
    {
      method: "GET",
      path: `${spelling.base}/tables`,
      handler: () => ({ status: 200, body: [...world.tables.keys()].map((name) => ({ name })) }),
    },
    {
      method: "DELETE",
      path: table,
      handler: ({ params: { table: name = "" } }) => {
        if (world.tables.delete(name)) return { status: 204 };
        // v0.1 calls it the request's fault.
        return dialect === "0.2" ? spelling.noTable(name) : spacedError(400, "not found");
      },
    },
    {
      method: "POST",
      path: `${table}/${spelling.scan}`,
      handler: (request) => scan(world, request, spelling),
    },
  ];
}

/** NDJSON in byte order of the IDs; without `fields` the IDs alone. */
function scan(world: World, request: SimRequest, { id, noTable, badScan }: Spelling): SimAnswer {
  const name = request.params.table ?? "";
  const docs = world.tables.get(name);
  if (docs === undefined) return noTable(name);
  const parsed = scanRequest.safeParse(request.text === "" ? {} : request.body);
  if (!parsed.success) return badScan;
  const { from = "", limit, fields } = parsed.data;
  const lines = Object.entries(docs)
    .map(([key, doc]) => ({ key: Buffer.from(key), doc }))
    .filter(({ key }) => Buffer.compare(key, Buffer.from(from)) > 0)
    .sort((one, other) => Buffer.compare(one.key, other.key))
    .slice(0, limit)
    .map(({ key, doc }) =>
      JSON.stringify({ [id]: key.toString(), ...(fields && typeof doc === "object" && doc) }),
    );
  return {
    status: 200,
    headers: { "content-type": "application/x-ndjson" },
    body: lines.map((line) => `${line}\n`).join(""),
  };
}
