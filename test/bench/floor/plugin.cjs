// The floors of the plugin host, on the libraries that ours is built on. The first argument is the name:
// `floor` does nothing, `bare` sends what bare.cjs sends.
const { Server, ServerCredentials } = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Value } = require("google-protobuf/google/protobuf/struct_pb");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb.js");
const pb = require("@pulumi/pulumi/proto/provider_pb.js");

const [, , name] = process.argv;
const bare = name === "bare" ? require("./bare.cjs") : undefined;

const text = { type: "string" };
const quantity = { type: "integer" };
const properties = { app: text, type: text, size: text, command: text, quantity };
const schema = JSON.stringify({
  name,
  version: "0.1.0",
  resources: { [`${name}:index:AppFormation`]: { properties, inputProperties: properties } },
});

/** Answers each call with what is made of its request. */
function unary(answer) {
  return ({ request }, callback) => callback(null, answer(request));
}

/**
 * The same, once the verb of bare.cjs has sent what it sends, and with the outputs that it made of the server's
 * response: a state without them would be smaller than the real resource's. A preview sends nothing.
 */
function sending(verb, answer) {
  if (bare === undefined) return unary(answer);
  return ({ request }, callback) => {
    if (request.getPreview?.()) return callback(null, answer(request));
    verb(request).then((made) => {
      const response = answer(request);
      const fields = response.getProperties?.().getFieldsMap();
      for (const [key, value] of Object.entries(made?.outs ?? made?.props ?? {})) {
        if (!fields.has(key)) fields.set(key, Value.fromJavaScript(value));
      }
      callback(null, response);
    }, callback);
  };
}

function idOf(inputs) {
  const fields = inputs.getFieldsMap();
  return `${fields.get("app").getStringValue()}/${fields.get("type").getStringValue()}`;
}

const server = new Server();
server.addService(ResourceProviderService, {
  handshake: unary(() =>
    new pb.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true),
  ),
  getPluginInfo: unary(() => new PluginInfo().setVersion("0.1.0")),
  getSchema: unary(() => new pb.GetSchemaResponse().setSchema(schema)),
  getMapping: unary(() => new pb.GetMappingResponse()),
  getMappings: unary(() => new pb.GetMappingsResponse()),
  attach: unary(() => new Empty()),
  cancel: unary(() => new Empty()),
  checkConfig: unary((request) => new pb.CheckResponse().setInputs(request.getNews())),
  diffConfig: unary(() => new pb.DiffResponse()),
  configure: unary(() =>
    new pb.ConfigureResponse()
      .setAcceptsecrets(true)
      .setAcceptresources(true)
      .setSupportspreview(true),
  ),
  check: unary((request) => new pb.CheckResponse().setInputs(request.getNews())),
  // Unknown: the engine compares the inputs itself.
  diff: unary(() => new pb.DiffResponse()),
  create: sending(
    (request) => bare.create(request.getProperties().toJavaScript()),
    (request) => {
      const inputs = request.getProperties();
      return new pb.CreateResponse().setId(idOf(inputs)).setProperties(inputs);
    },
  ),
  read: sending(
    (request) => bare.read(request.getId(), request.getProperties().toJavaScript()),
    (request) =>
      new pb.ReadResponse()
        .setId(request.getId())
        .setProperties(request.getProperties())
        .setInputs(request.getInputs()),
  ),
  update: sending(
    (request) => bare.update(request.getId(), undefined, request.getNews().toJavaScript()),
    (request) => new pb.UpdateResponse().setProperties(request.getNews()),
  ),
  delete: sending(
    (request) => bare.delete(request.getId(), request.getProperties().toJavaScript()),
    () => new Empty(),
  ),
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
