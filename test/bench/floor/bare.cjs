// The second floor, on both hosts: sends the requests that each verb can't do without, by undici, and does
// nothing else. What it returns has the properties that the real resource has.
const { Agent, request } = require("undici");

const { FORMATIONS_AKKERIS_URL: base, FORMATIONS_AKKERIS_TOKEN: token } = process.env;
/** Whether the changes of an app are sent one after another: Akkeris has no unique constraint. */
const isInOrder = process.env.BENCH_IN_ORDER !== undefined;
const lasts = new Map();
const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
const dispatcher = new Agent({ connections: 16 });

async function send(method, path, sent) {
  const body = sent && JSON.stringify(sent);
  const response = await request(base + path, { method, dispatcher, headers, body });
  const text = await response.body.text();
  if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${text}`);
  return JSON.parse(text);
}

function change(method, inputs, path, body) {
  if (!isInOrder) return send(method, path, body);
  const last = lasts.get(inputs.app) ?? Promise.resolve();
  const sent = last.then(() => send(method, path, body));
  lasts.set(inputs.app, sent);
  return sent;
}

const pathOf = ({ app }) => `/apps/${app}/formation`;
const get = (inputs) => send("GET", `${pathOf(inputs)}/${inputs.type}`);

function outsOf(inputs, { id, size, created_at, port }) {
  const outputs = { formationId: id, serverSize: size, createdAt: created_at };
  return { ...inputs, ...(port !== null && { port }), ...outputs };
}

exports.create = async (inputs) => {
  const { type, size, quantity, command } = inputs;
  const seen = await change("POST", inputs, pathOf(inputs), { type, size, quantity, command });
  return { id: `${inputs.app}/${type}`, outs: outsOf(inputs, seen) };
};

exports.read = async (id, state) => ({ id, props: outsOf(state, await get(state)) });

// The response to a change may be older than the change, so the formation is read back.
exports.update = async (_id, _olds, inputs) => {
  const { type, size, quantity, command } = inputs;
  await change("PATCH", inputs, pathOf(inputs), [{ type, size, quantity, command }]);
  return { outs: outsOf(inputs, await get(inputs)) };
};

exports.delete = async (_id, state) => {
  await change("DELETE", state, `${pathOf(state)}/${state.type}`);
};
