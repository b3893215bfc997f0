"""Where the stack's Airflow lives: its ports, its secrets, its password, all below one folder."""

import base64
import json
import secrets
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import frozen

from archive.disk import write_private
from archive.errors import PortTaken
from archive.ports import is_free

USER = "admin"
"""The one user that airflow.cfg declares."""

_SECRETS: Mapping[str, Callable[[], str]] = {
    # Without one for all, each component makes its own and every task fails to sign in.
    "AIRFLOW__API_AUTH__JWT_SECRET": lambda: secrets.token_urlsafe(64),
    "AIRFLOW__API__SECRET_KEY": lambda: secrets.token_urlsafe(32),
    "AIRFLOW__CORE__FERNET_KEY": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
}


@frozen(kw_only=True)
class AirflowHome:
    """The folder and what was decided in it."""

    folder: Path
    """Below the archive's home."""

    port: int
    """Port of the UI and the API on loopback."""

    password: str
    """Password of :data:`USER`."""

    environment: Mapping[str, str]
    """``AIRFLOW_HOME`` and every ``AIRFLOW__…`` variable of the stack."""

    @property
    def url(self) -> str:
        """Address of the UI and the API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def logs(self) -> Path:
        """Folder of the components' own logs."""
        return self.folder.parent / "logs"


def prepare(home: Path, *, root: Path, paused: bool, given: Mapping[str, str]) -> AirflowHome:
    """Decide ports and secrets at the first start and keep them; ``airflow.env`` shows them all.

    ``paused`` says whether a DAG that Airflow has not seen before waits for somebody to start it;
    ``given`` are variables of the operator's own, which go before ours.
    """
    folder = home.absolute() / "airflow"
    folder.mkdir(parents=True, exist_ok=True)
    kept = _read_env(folder / "airflow.env")
    port = _port(given.get("AIRFLOW__API__PORT"), kept.get("AIRFLOW__API__PORT"))
    environment = {
        "AIRFLOW_HOME": str(root),
        **{name: kept.get(name) or make() for name, make in _SECRETS.items()},
        **_places(folder),
        **_addresses(port),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": str(paused),
        **given,
    }
    write_private(
        folder / "airflow.env", "".join(f"{name}={value}\n" for name, value in environment.items())
    )
    return AirflowHome(
        folder=folder, port=port, password=_password(folder), environment=environment
    )


def _port(wanted: str | None, kept: str | None) -> int:
    if wanted and not is_free(int(wanted)):
        raise PortTaken(wanted, "another program listens there; choose another AIRFLOW__API__PORT")
    if wanted:
        return int(wanted)
    return int(kept) if kept and is_free(int(kept)) else free_port()


def free_port() -> int:
    """Return a loopback port that nobody uses at present."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _places(folder: Path) -> dict[str, str]:
    return {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / 'airflow.db'}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(
            folder / "logs" / "dag_processor"
        ),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(folder / "passwords.json"),
    }


def _addresses(port: int) -> dict[str, str]:
    return {
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
    }


def _password(folder: Path) -> str:
    """Return the user's password; Airflow would make one too, but print it into its log."""
    file = folder / "passwords.json"
    if file.exists():
        passwords: dict[str, str] = json.loads(file.read_text())
        return passwords[USER]
    password = secrets.token_urlsafe(9)
    write_private(file, json.dumps({USER: password}))
    return password


def _read_env(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    return dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
