"""The containers of compose.yaml run commands that exist, and nothing but the service is reachable from outside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from service.cli import app as command_line

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def services():
    """Return what compose.yaml says of each container."""
    yaml = pytest.importorskip("yaml", reason="PyYAML, which Dask brings, is not installed")
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]


def test_every_command_of_ours_exists_with_its_options(services):
    """What a container starts is understood by the command line."""
    group = typer.main.get_command(command_line)
    ours = [service["command"] for service in services.values() if service.get("command", [""])[0] == "uncounted"]
    assert len(ours) == 2
    for _, name, *rest in ours:
        known = {option for parameter in group.commands[name].params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known


@pytest.mark.parametrize("name", ["scheduler", "worker"])
def test_every_option_of_dask_exists(services, name):
    """The scheduler and the workers of the installed release know what they are told."""
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    _, kind, *rest = services[name]["command"]
    help_text = subprocess.run(  # noqa: S603 - Dask's own command line
        [sys.executable, "-c", "from dask.__main__ import main; main()", kind, "--help"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    assert [word for word in rest if word.startswith("--") and word not in help_text] == []


def test_only_the_service_is_reachable_and_only_from_this_machine(services):
    """A Dask scheduler runs whatever it is sent, and a database needs no visitors."""
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert list(published) == ["service"]
    assert all(port.startswith("127.0.0.1:") for port in published["service"])


def test_our_containers_write_nowhere_but_to_their_data_and_gain_no_rights(services):
    """A break-in finds a file system to read, no capability, and no room for more than the work needs."""
    ours = {name: service for name, service in services.items() if service["image"] == "uncounted"}
    assert set(ours) == {"migrate", "service", "scheduler", "worker"}
    for service in ours.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "cap_add" not in service
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["pids_limit"]
        assert service["mem_limit"]
        assert [mount.partition(":")[2] for mount in service["volumes"]] == ["/var/lib/uncounted"]
    assert all("privileged" not in service for service in services.values())
    assert all(service["security_opt"] == ["no-new-privileges:true"] for service in services.values())


def test_the_image_runs_as_nobody_in_particular():
    """The last word about the user is not root, and what is installed belongs to root."""
    stage = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("FROM ")[2]
    assert [line for line in stage.splitlines() if line.startswith("USER ")] == ["USER uncounted"]
    assert "--chown" not in stage
