// The floor of the plugin host: a provider that does nothing, on the libraries that ours is built on.
const { Server, ServerCredentials } = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb.js");
const pb = require("@pulumi/pulumi/proto/provider_pb.js");

const property = { type: "string" };
const properties = { app: property, type: property, size: property, quantity: { type: "integer" } };
const schema = JSON.stringify({
  name: "floor",
  version: "0.1.0",
  resources: { "floor:index:AppFormation": { properties, inputProperties: properties } },
});

/** Answers each call with what is made of its request. */
function unary(answer) {
  return ({ request }, callback) => callback(null, answer(request));
}

function idOf(inputs) {
  return inputs.getFieldsMap().get("app").getStringValue();
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
  create: unary((request) => {
    const inputs = request.getProperties();
    return new pb.CreateResponse().setId(idOf(inputs)).setProperties(inputs);
  }),
  read: unary((request) =>
    new pb.ReadResponse()
      .setId(request.getId())
      .setProperties(request.getProperties())
      .setInputs(request.getInputs()),
  ),
  update: unary((request) => new pb.UpdateResponse().setProperties(request.getNews())),
  delete: unary(() => new Empty()),
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
