/**
 * The key of a command's other server. It is the environment's alone: `FORMATIONS_INTO_ANTFLY_API_KEY`, or
 * the file that `FORMATIONS_INTO_ANTFLY_API_KEY_FILE` names.
 */
export const otherServersKey = "intoAntflyApiKey";
