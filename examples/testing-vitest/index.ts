import { AppFormation } from "pulumi-formations";

const web = new AppFormation("web", {
  app: "shop-dev",
  type: "web",
  size: "gp2",
  quantity: 2,
});

export const id = web.id;
