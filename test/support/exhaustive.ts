/** Whether this is `npm run exhaustive`, in which suites of several targets also take the real servers. */
export const isExhaustive = process.env.FORMATIONS_EXHAUSTIVE === "1";
