import pulumi
from pulumi_formations import AppFormation

web = AppFormation(
    "web",
    app="shop-dev",
    type="web",
    size="gp2",
    quantity=2,
)
pulumi.export("id", web.id)
