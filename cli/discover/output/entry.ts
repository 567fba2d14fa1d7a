import { importedInputs } from "../../../provider/resource/imported";
import { pack } from "../../../provider/resource/marks";
import { sealSecrets, secretsOf, union } from "../../../provider/resource/secrets";
import { present, type Values } from "../../../provider/resource/values";
import { concealed } from "../../stack/deployment";
import type { Found } from "../model";

/** A resource's properties as the plugin's read returns them to an import, secrets in plain. */
export interface Properties {
  inputs: Values;
  outputs: Values;
}

/** What the plugin would read of a resource. */
export function propertiesOf({ definition, state, marks }: Found): Properties {
  const properties = present(state);
  return {
    inputs: importedInputs(definition, properties),
    outputs: pack({ properties, marks }),
  };
}

/** The same as a file for the engine has it: each secret is marked, so that the state encrypts it. */
export function sealed({ definition }: Found, { inputs, outputs }: Properties): Properties {
  const secrets = union(secretsOf(definition.inputs), secretsOf(definition.outputs));
  const seal = (values: Values) => sealSecrets(values, secrets, concealed) as Values;
  return { inputs: seal(inputs), outputs: seal(outputs) };
}

/** Its ID in a state, which a read makes of the ID that an import takes: a secret's is its key alone. */
export function stateId({ definition, id, state }: Found): string {
  return definition.foresee?.(present(state)).id ?? id;
}
