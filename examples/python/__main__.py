"""A shop's infrastructure in four systems, one stack per environment."""

import pulumi
from pulumi_formations import (
    AntflyBackupSchedule,
    AppFormation,
    AppFormationOptionsArgs,
    Formation,
    Replica,
)

# Pulumi.<stack>.yaml has what differs between environments; the rest is the same.
config = pulumi.Config()
formation = config.require_object("formation")
replica = config.require_object("replica")
app = config.require_object("app")
backups = config.require_object("backups")
# Protects databases that must not be lost: Pulumi refuses to delete them, and so does the server.
protect = config.get_bool("protect") or False

# The shop's events, spread over workers. Any change to its hardware creates a new, empty database; the
# preview says so before anything happens.
events = Formation(
    "events",
    region=formation["region"],
    coordinator_tune=formation["tune"],
    coordinator_disk_size=formation["diskSize"],
    coordinator_ha=formation["ha"],
    worker_tune=formation["tune"],
    worker_disk_size=formation["diskSize"],
    worker_count=formation["workerCount"],
    worker_ha=formation["ha"],
    opts=pulumi.ResourceOptions(protect=protect),
)

# Reports read from a replica of the shop's Postgres, so that they never slow down a customer.
reports = Replica(
    "reports",
    cluster_id=replica["clusterId"],
    plan_id=replica["planId"],
    storage=replica["storage"],
    is_ha=replica["isHa"],
    is_protected=protect,
    environment=replica.get("environment"),
    maintenance_window_start=3,
    opts=pulumi.ResourceOptions(protect=protect),
)

web = AppFormation(
    "web",
    app=app["name"],
    type="web",
    size=app["size"],
    quantity=app["webQuantity"],
    port=9000,
    healthcheck="/health",
)

# If an autoscaler changes the worker's quantity, its value stays.
worker = AppFormation(
    "worker",
    app=app["name"],
    type="worker",
    size=app["size"],
    quantity=app["workerQuantity"],
    command="node worker.js",
    opts=pulumi.ResourceOptions(
        depends_on=[web],
        ignore_changes=["quantity"] if app["autoscaled"] else [],
    ),
)

# Prepares each new database once. The URL contains a password, so it stays secret all the way.
migration = AppFormation(
    "migration",
    app=app["name"],
    type="migration",
    size="gp1",
    quantity=1,
    oneoff=True,
    options=AppFormationOptionsArgs(
        image="registry.example.com/shop-migrations:1.4.0",
        env={"EVENTS_URL": events.database_url.apply(lambda url: url or "")},
    ),
    opts=pulumi.ResourceOptions(depends_on=[web]),
)

nightly = AntflyBackupSchedule(
    "nightly",
    location=backups["location"],
    connection=backups["connection"],
    schedule=backups["schedule"],
    timezone="Europe/Berlin",
)

pulumi.export("eventsState", events.state)
pulumi.export("eventsUrl", events.database_url)
pulumi.export("reportsHost", reports.host)
pulumi.export("processes", pulumi.Output.all(web.id, worker.id, migration.id))
pulumi.export("backupPrefix", nightly.id)
