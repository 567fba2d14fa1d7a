import { once } from "node:events";
import { z } from "zod";

const message = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).default({}),
  result: z.record(z.string(), z.unknown()).default({}),
  error: z.object({ message: z.string() }).optional(),
});

type Message = z.infer<typeof message>;

const evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.object({ exception: z.object({ description: z.string() }) }).optional(),
});

/** A tab of a browser, over Chromium's DevTools protocol. */
export class Tab {
  /** What a developer would see in red: errors of the console, exceptions, requests that failed. */
  readonly errors: string[] = [];
  /** The hosts that were asked for something. */
  readonly hosts = new Set<string>();
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #loading = Promise.withResolvers<void>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      this.#take(message.parse(JSON.parse(String(data))));
    });
  }

  static async connect(url: string): Promise<Tab> {
    const socket = new WebSocket(url);
    await once(socket, "open");
    const tab = new Tab(socket);
    for (const domain of ["Inspector", "Page", "Runtime", "Log", "Network"])
      await tab.#call(`${domain}.enable`);
    return tab;
  }

  /** Opens a page and waits until it has loaded. */
  async go(url: string): Promise<void> {
    this.#loading = Promise.withResolvers();
    await Promise.all([this.#loading.promise, this.#call("Page.navigate", { url })]);
  }

  /** Makes the page as wide as a screen, in CSS pixels. */
  async resize(width: number, height: number): Promise<void> {
    const size = { width, height, deviceScaleFactor: 1, mobile: width < 600 };
    await this.#call("Emulation.setDeviceMetricsOverride", size);
  }

  /** What an expression is in the page; it waits for a promise. */
  async evaluate<T>(schema: z.ZodType<T>, expression: string): Promise<T> {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = evaluated.parse(
      await this.#call("Runtime.evaluate", params),
    );
    if (exceptionDetails) throw new Error(exceptionDetails.exception.description);
    return schema.parse(result.value);
  }

  /** Waits until an expression is true in the page. */
  async until(expression: string): Promise<void> {
    const look = `const look = () => (${expression}) ? resolve() : setTimeout(look, 20)`;
    await this.evaluate(z.undefined(), `new Promise((resolve) => { ${look}; look(); })`);
  }

  /** A picture of what is to be seen, as PNG. */
  async picture(): Promise<Buffer> {
    const { data } = await this.#call("Page.captureScreenshot");
    return Buffer.from(z.string().parse(data), "base64");
  }

  #call(method: string, params: object = {}): Promise<Message["result"]> {
    this.#calls += 1;
    const id = this.#calls;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ error, result }) => {
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result);
      });
    });
  }

  #take(received: Message): void {
    const { id, method, params } = received;
    if (id !== undefined) {
      this.#waiting.get(id)?.(received);
      this.#waiting.delete(id);
    }
    if (method === "Page.loadEventFired") this.#loading.resolve();
    if (method === "Inspector.targetCrashed") this.#loading.reject(new Error("the tab crashed"));
    if (method === "Network.requestWillBeSent") {
      const { request } = z.object({ request: z.object({ url: z.string() }) }).parse(params);
      if (request.url.startsWith("http")) this.hosts.add(new URL(request.url).host);
    }
    if (method === "Runtime.exceptionThrown") this.errors.push(JSON.stringify(params));
    if (method === "Runtime.consoleAPICalled" && params.type === "error") {
      this.errors.push(JSON.stringify(params.args));
    }
    const entry = z.object({ entry: z.object({ level: z.string(), text: z.string() }) });
    const logged = method === "Log.entryAdded" ? entry.parse(params).entry : undefined;
    if (logged?.level === "error") this.errors.push(logged.text);
  }
}
