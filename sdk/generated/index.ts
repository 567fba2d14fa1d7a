// Generated from the definitions in provider/ by `npm run generate`: change those.

export * from "./antfly-backup-schedule";
export * from "./antfly-secret";
export * from "./app-formation";
export * from "./formation";
export * from "./functions";
export * from "./replica";
