// The floor of the dynamic host: a provider that does nothing, whose object is a module.
exports.create = async (inputs) => ({ id: `${inputs.app}/${inputs.type}`, outs: inputs });
