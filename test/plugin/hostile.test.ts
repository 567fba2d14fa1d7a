import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { shortestPause } from "../../provider/process/backoff.ts";
import { peakMemoryOf } from "../support/process-usage.ts";
import { pour, startRawServer } from "../support/raw-server.ts";
import { type Plugin, startPlugin } from "./plugin.ts";
import { Resource } from "./resource.ts";
import { secret } from "./wire.ts";

const token = "cbkey_hostile-7d20b4";
const id = "v3eygkynpfb7xjxpclzvkhnwxe";

/** Seconds that an operation may take where only its deadline ends it. */
const shortPatience = 1;

/** Seconds that no operation here needs, however slow the machine is. */
const longPatience = 120;

/** What an idle plugin has, and ten times the largest response. */
const mostMemoryMb = 300;

const ok = "HTTP/1.1 200 OK\r\n";
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;

function sized(status: string, body: string | Buffer, headers = ""): Buffer {
  const head = `HTTP/1.1 ${status}\r\n${headers}content-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

const sends = (bytes: string | Buffer) => (socket: Socket) => void socket.write(bytes);
const endless =
  (start: string, piece: string) =>
  (socket: Socket): void => {
    socket.write(start);
    pour(socket, piece);
  };

const gone = sized("410 X", '{"message":"deleted"}');

/** A timer may fire so much before its time: milliseconds. */
const timerSlack = 2;

const million = 1_000_000;

interface Case {
  does: string;
  answer: (socket: Socket) => void;
  says: RegExp;
}

/** What is refused at once, and not asked for again. */
const refused: Case[] = [
  { does: "a body without end", answer: endless(`${ok}\r\n`, "x"), says: /more than 10485760/ },
  {
    does: "a body without end, byte by byte",
    answer: endless(chunked, "1\r\nx\r\n"),
    says: /more than 10485760 bytes/,
  },
  {
    does: "100,000 levels of JSON",
    answer: sends(sized("200 OK", "[".repeat(100_000) + "]".repeat(100_000))),
    says: /with JSON that has too many values or levels/,
  },
  {
    does: "10 MB of brackets",
    answer: sends(sized("200 OK", "[".repeat(10 * million))),
    says: /with JSON that has too many values/,
  },
  {
    does: "replicas of replicas without end",
    answer: sends(sized("200 OK", '{"replicas":['.repeat(10_000) + "]}".repeat(10_000))),
    says: /with JSON that has too many values/,
  },
  {
    does: "a level too many, half of them lists",
    answer: sends(sized("200 OK", `${'{"replicas":['.repeat(100)}{}${"]}".repeat(100)}`)),
    says: /with JSON that has too many values/,
  },
  {
    does: "five million things that are no replicas",
    answer: sends(sized("200 OK", `{"replicas":[${"1,".repeat(5 * million)}1]}`)),
    says: /with JSON that has too many values/,
  },
  {
    does: "a refusal of 10,000 levels",
    answer: sends(sized("400 X", `${'{"":'.repeat(10_000)}1${"}".repeat(10_000)}`)),
    says: /returned 400 with an unreadable body/,
  },
  {
    does: "a compressed bomb",
    answer: sends(
      sized("200 OK", gzipSync(Buffer.alloc(100 * million)), "content-encoding: gzip\r\n"),
    ),
    says: /with a compressed body/,
  },
  {
    does: "a compressed refusal",
    answer: sends(sized("404 X", gzipSync("no such cluster"), "content-encoding: gzip\r\n")),
    says: /returned 404 with an unreadable body/,
  },
  {
    does: "half a 404",
    answer: (socket) => void socket.end('HTTP/1.1 404 X\r\ncontent-length: 99\r\n\r\n{"message'),
    says: /returned 404 with an incomplete body/,
  },
  {
    does: "headers without end",
    answer: endless(ok, "a: b\r\n"),
    says: /headers that are too large/,
  },
  {
    does: "one header without end",
    answer: endless(`${ok}x: `, "y"),
    says: /headers that are too large/,
  },
  {
    does: "trailers without end",
    answer: endless(`${chunked}2\r\n{}\r\n0\r\n`, "a: b\r\n"),
    says: /headers that are too large/,
  },
  {
    does: "to come again in a year",
    answer: sends(sized("429 X", "no", `retry-after: ${365 * 24 * 3600}\r\n`)),
    says: /returned 429: no\./,
  },
  {
    does: "to come again in more seconds than there are",
    answer: sends(sized("503 X", "no", `retry-after: ${"9".repeat(400)}\r\n`)),
    says: /returned 503: no\./,
  },
];

/** What goes on until the deadline. Whether the head of the response arrives by then does not matter. */
const unending: Case[] = [
  {
    does: "a status line without end",
    answer: endless("HTTP/1.1 200 ", "x"),
    says: /got no (complete )?response from .* within \d/,
  },
  {
    does: "chunks that are announced without end",
    answer: endless(`${chunked}1;`, "x"),
    says: /got no (complete )?response from .* within \d/,
  },
  {
    does: "early hints without end",
    answer: endless("", "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"),
    says: /got no (complete )?response from .* within \d/,
  },
  {
    does: "a byte now and then",
    answer: (socket) => {
      socket.write(`${ok}content-length: 1000\r\n\r\n`);
      const timer = setInterval(() => socket.write(" "), 50);
      socket.on("close", () => clearInterval(timer));
    },
    says: /got no (complete )?response from .* within \d/,
  },
];

/** What another try may mend. */
const passing: Case[] = [
  {
    does: "more bytes than there are",
    answer: sends(`${ok}content-length: ${"9".repeat(40)}\r\n\r\n{}`),
    says: /got no response from .*: the response was cut off/,
  },
  {
    does: "terabytes, and does not send them",
    answer: (socket) => void socket.end(`${ok}content-length: ${10 ** 15}\r\n\r\n{}`),
    says: /got no complete response from/,
  },
];

const slow = { timeout: 60_000 };

/** What the plugin logged, which may reach the engine after the response. */
const logged = (plugin: Plugin) => plugin.logs.map(({ text }) => text).join("\n");

async function expectOneRequest({ answer, says }: Case, patience: number): Promise<void> {
  const { url, heads } = await startRawServer(answer);
  const { plugin, read } = await world(url);

  const { text } = await read(patience);

  expect(text).toMatch(says);
  expect(text).not.toContain(token);
  expect(heads).toHaveLength(1);
  expect(peakMemoryMb(plugin)).toBeLessThan(mostMemoryMb);
}

test.each(refused)("$does is an error at once, within the memory of a few responses", slow, (one) =>
  expectOneRequest(one, longPatience),
);

test.each(unending)(
  "$does ends with the deadline, within the memory of a few responses",
  slow,
  (one) => expectOneRequest(one, shortPatience),
);

test.each(passing)("$does is reported, and asked for again", slow, async ({ answer, says }) => {
  const { url, heads } = await startRawServer((socket) => {
    if (heads.length === 1) answer(socket);
    else socket.write(gone);
  });
  const { plugin, resource } = await world(url);

  expect(await resource.read(id)).toMatchObject({ id: "" });

  expect(heads).toHaveLength(2);
  await expect.poll(() => logged(plugin)).toMatch(says);
});

test.each(["-5", "NaN", "soon", "0"])(
  "a Retry-After of %s is no reason to ask without pause",
  slow,
  async (wish) => {
    const times: number[] = [];
    const { url } = await startRawServer((socket) => {
      times.push(performance.now());
      const refusal = sized("429 X", "no", `retry-after: ${wish}\r\n`);
      socket.write(times.length === 1 ? refusal : gone);
    });
    const { plugin, resource } = await world(url);

    expect(await resource.read(id)).toMatchObject({ id: "" });

    const [first = Number.NaN, second = Number.NaN, ...more] = times;
    expect(more).toEqual([]);
    // The client's pause begins after the first time was taken, so a slow machine makes this longer.
    expect(second - first).toBeGreaterThan(shortestPause - timerSlack);
    await expect.poll(() => logged(plugin)).toContain("returned 429: no");
  },
);

test("a response of HTTP/1.0 ends with its connection", async () => {
  const body = JSON.stringify({ message: "no such cluster" });
  const { url } = await startRawServer(
    (socket) => void socket.end(`HTTP/1.0 404 X\r\n\r\n${body}`),
  );
  const { resource } = await world(url);

  expect(await resource.read(id)).toMatchObject({ id: "" });
});

test("after all of it the same plugin reads a good response", slow, async () => {
  const bad = [...passing, ...refused];
  const { url } = await startRawServer((socket) => {
    const next = bad.shift();
    if (next) next.answer(socket);
    else socket.write(gone);
  });
  const { read, resource } = await world(url);
  while (bad.length > 0) await read(longPatience);

  expect(await resource.read(id)).toMatchObject({ id: "" });
});

async function world(url: string) {
  const plugin = await startPlugin();
  await plugin.configure({ crunchyBridgeUrl: url, crunchyBridgeApiKey: secret(token) });
  const resource = new Resource(plugin, "Replica");
  /** A read that fails. */
  const read = (seconds: number) =>
    plugin.failure("read", resource.readRequest(id).setTimeout(seconds));
  return { plugin, resource, read };
}

/** The most memory that the plugin has had so far; where the machine doesn't tell, none. */
function peakMemoryMb({ process: { pid } }: Plugin): number {
  if (process.platform !== "linux") return 0;
  return (peakMemoryOf(pid ?? Number.NaN) ?? Number.NaN) / 1024;
}
