import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { HttpListener } from "../kit/listener.ts";
import { checked } from "./kind.ts";
import { SimulationProblem } from "./problem.ts";

/** What can be asked of a simulation that runs. */
export const command = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("list") }),
  z.strictObject({ do: z.literal("set"), what: z.string(), values: z.array(z.string()).min(1) }),
  z.strictObject({ do: z.literal("delete"), what: z.string() }),
  z.strictObject({ do: z.literal("add"), kind: z.string(), values: z.array(z.string()) }),
  z.strictObject({ do: z.enum(["down", "up"]), system: z.string() }),
  z.strictObject({ do: z.literal("fault"), text: z.string() }),
]);

export type SimulationCommand = z.output<typeof command>;

/** Where commands come in: an HTTP server on 127.0.0.1, for those who know its token. */
export class Control {
  readonly token = randomBytes(24).toString("hex");
  private readonly listener: HttpListener;

  /** @param obey carries a command out; what it returns is sent back as JSON. */
  constructor(obey: (command: SimulationCommand) => unknown) {
    this.listener = new HttpListener((incoming, outgoing) => {
      void this.serve(incoming, obey).then(({ status, body }) => answer(outgoing, status, body));
    }, 0);
  }

  get url(): string {
    return this.listener.url;
  }

  start(): Promise<void> {
    return this.listener.start();
  }

  close(): Promise<void> {
    return this.listener.close();
  }

  private async serve(incoming: IncomingMessage, obey: (command: SimulationCommand) => unknown) {
    const sent = Buffer.from(incoming.headers.authorization ?? "");
    const wanted = Buffer.from(`Bearer ${this.token}`);
    if (sent.length !== wanted.length || !timingSafeEqual(sent, wanted)) {
      return { status: 401, body: { error: "the control's token is missing or wrong" } };
    }
    try {
      const asked = checked(command, await json(incoming), "this is not a command");
      return { status: 200, body: (await obey(asked)) ?? {} };
    } catch (error) {
      const status = error instanceof SimulationProblem ? 422 : 500;
      return { status, body: { error: error instanceof Error ? error.message : String(error) } };
    }
  }
}

function answer(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { "content-type": "application/json" });
  outgoing.end(JSON.stringify(body));
}
