// Generated from the definitions in provider/ by `npm run generate`: change those.

export * from "./formation";
export * from "./functions";
