/** Has every program that asks for a proxy find none: what talks to another machine fails. */
export const closedToOthers = {
  HTTP_PROXY: "http://127.0.0.1:9",
  HTTPS_PROXY: "http://127.0.0.1:9",
  NO_PROXY: "localhost,127.0.0.1",
};
