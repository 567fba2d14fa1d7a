import type { SimAnswer } from "../kit/route.ts";

/** A request that the server refuses. */
export class Refusal extends Error {
  readonly answer: SimAnswer;

  constructor(answer: SimAnswer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** 0.2's plain text; some of its handlers leave the charset out. */
export function text(status: number, body: string, charset = true): SimAnswer {
  const type = charset ? "text/plain; charset=utf-8" : "text/plain";
  return { status, headers: { "content-type": type }, body };
}

/** 0.2's `{"error"}`. */
export function error(status: number, message: string): SimAnswer {
  return { status, body: { error: message } };
}

/** 0.2's answer to what it didn't expect; it closes the connection. */
export function internalError(): SimAnswer {
  return {
    status: 500,
    headers: { connection: "close" },
    body: { error: "INTERNAL_ERROR", message: "internal server error" },
  };
}

/** v0.1's error: JSON by hand, spaces and line end included. */
export function spacedError(
  status: number,
  message: string,
  headers: Record<string, string> = {},
): SimAnswer {
  return {
    status,
    headers: {
      "content-type": "application/json",
      "x-content-type-options": "nosniff",
      ...headers,
    },
    body: `{ "error" : ${JSON.stringify(message)} }\n`,
  };
}

const page = `<!doctype html>
<html lang="en">
    <head>
        <meta charset="UTF-8" />
        <title>Antfly Dashboard</title>
    </head>
    <body>
        <div id="root"></div>
    </body>
</html>
`;

/** What most unknown paths outside the API get. */
export function dashboard(): SimAnswer {
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: page };
}

/** What Prometheus scrapes: plain text, a sample of the real server's. */
export function metrics(): SimAnswer {
  const samples = [
    ["antfly_data_server_up", "Whether the data server process is running (1 = yes)", 1],
    ["antfly_executor_api_active_leases", "Active API executor lifetime leases", 1],
    ["antfly_executor_api_peak_leases", "Peak API executor lifetime leases", 1],
  ];
  const lines = samples.map(
    ([name, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`,
  );
  return {
    status: 200,
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    body: lines.join(""),
  };
}
