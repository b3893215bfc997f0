"""Ports, secrets and the password of the stack's Airflow."""

import socket
from pathlib import Path

import pytest

from archive.errors import PortTaken
from archive.ports import is_free
from demo.airflow_home import free_port, prepare

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def listener():
    """Another program that listens on a port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_second_start_has_the_same_port_secrets_and_password(tmp_path):
    first = prepare(tmp_path, root=ROOT, paused=True, given={})
    assert prepare(tmp_path, root=ROOT, paused=True, given={}) == first


def test_two_homes_share_no_secret(tmp_path):
    one = prepare(tmp_path / "one", root=ROOT, paused=True, given={})
    other = prepare(tmp_path / "other", root=ROOT, paused=True, given={})
    assert one.password != other.password
    for name in one.environment:
        if "SECRET" in name or "KEY" in name:
            assert one.environment[name] != other.environment[name]


def test_secrets_are_for_their_owner_only(tmp_path):
    prepare(tmp_path, root=ROOT, paused=True, given={})
    for name in ("airflow.env", "passwords.json"):
        assert (tmp_path / "airflow" / name).stat().st_mode & 0o777 == 0o600


def test_nothing_of_airflow_lies_outside_the_home(tmp_path):
    home = prepare(tmp_path, root=ROOT, paused=True, given={})
    places = {
        name: value
        for name, value in home.environment.items()
        if name.endswith(("CONN", "FOLDER", "DIRECTORY", "FILE"))
    }
    assert len(places) == 4
    assert all(str(tmp_path) in value for value in places.values())


def test_airflow_moves_when_its_port_was_taken_meanwhile(tmp_path, listener):
    home = prepare(tmp_path, root=ROOT, paused=True, given={})
    text = (tmp_path / "airflow" / "airflow.env").read_text()
    (tmp_path / "airflow" / "airflow.env").write_text(text.replace(str(home.port), str(listener)))
    moved = prepare(tmp_path, root=ROOT, paused=True, given={})
    assert moved.port != listener
    assert moved.environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == f"{moved.url}/execution/"


def test_the_operators_own_settings_go_first(tmp_path):
    port = free_port()
    given = {
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://",
    }
    home = prepare(tmp_path, root=ROOT, paused=False, given=given)
    assert home.port == port
    assert home.environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == "postgresql://"


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(tmp_path, listener):
    assert not is_free(listener)
    with pytest.raises(PortTaken, match=str(listener)):
        prepare(tmp_path, root=ROOT, paused=False, given={"AIRFLOW__API__PORT": str(listener)})
