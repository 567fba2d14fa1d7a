import os
import subprocess

import pytest
from pulumi import automation


@pytest.fixture(scope="module")
def stack():
    stack = automation.create_stack(
        stack_name=f"test-{os.getpid()}",
        work_dir=os.path.dirname(__file__),
    )
    yield stack
    # Removes the stack's configuration file, too.
    stack.destroy(remove=True)


def drift(*args):
    """Changes what exists, as somebody else would."""
    command = ["formations", "simulate", "drift", *args]
    subprocess.run(command, check=True)


def test_the_app_gets_its_processes(stack):
    result = stack.up()
    assert result.outputs["id"].value == "shop-dev/web"


def test_what_an_autoscaler_did_is_undone(stack):
    web = "app-formation/shop-dev/web"
    drift("set", web, "quantity=5")
    preview = stack.preview(refresh=True)
    assert preview.change_summary == {"same": 1, "update": 1}
