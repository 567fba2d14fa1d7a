import { describe, expect, test } from "vitest";
import { list, small, world } from "./world.ts";

describe("a new formation that the server does not show yet", () => {
  test("is awaited, and created once", async () => {
    const { host, simulator, only } = await world();
    simulator.detailsLagSeconds = 90;
    const { id, state } = await host.create(small);
    expect(id).toBe(only().id);
    expect(state.state).toBe("steady");
    expect(host.progress.some((text) => text.startsWith("not visible yet"))).toBe(true);
  });

  test("stays in the state through a refresh, and the next run waits on", async () => {
    const { host, simulator, only } = await world({
      timeout: 60_000,
      requestsPerMinute: 60,
      config: { citusRequestsPerMinute: 60 },
    });
    simulator.detailsLagSeconds = 200;
    const { held, error } = await host.createPartly(small);
    expect(error.message).toContain("last seen: not visible yet");
    expect(error.message).not.toContain("pulumi refresh");
    const kept = await host.refresh(held);
    expect(kept).toMatchObject({ id: held.id });
    expect(host.warnings.at(-1)).toContain(`does not show Formation ${held.id} yet`);
    expect(host.plan(kept ?? held).action).toBe("update");
    simulator.clock.advance(400_000);
    const { state } = await host.update(kept ?? held);
    expect(state.state).toBe("steady");
    expect(only().id).toBe(held.id);
    expect(simulator.count("POST")).toBe(1);
  });

  test("for minutes is an error that keeps it, and never says to create another", async () => {
    const { host, simulator } = await world();
    simulator.detailsLagSeconds = 100_000;
    const { held, error } = await host.createPartly(small);
    expect(error.message).toContain(`has not shown formation ${held.id} since it was created`);
    expect(error.message).toContain("the next `pulumi up` looks for it again");
    expect(host.plan(held).action).toBe("update");
    expect(simulator.count("POST")).toBe(1);
  });

  test("that was seen before is gone once it stays away", async () => {
    const { host, simulator } = await world();
    simulator.answersArchived = false;
    simulator.onAnswer = ({ method, path }) => {
      if (method !== "GET" || path === list) return;
      for (const { id } of simulator.formations.values()) simulator.archive(id);
    };
    const { error } = await host.createPartly(small);
    expect(error.message).toContain("it is gone: run `pulumi refresh`, then `pulumi up` again");
  });
});
